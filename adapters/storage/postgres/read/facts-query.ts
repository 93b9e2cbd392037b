// Questions as one statement. One text for each shape of question: what is not asked is not planned.
import type { Question } from '../../../../src/core.ts'
import type { Parameter } from '../../sql/dialect.ts'
import type { Names, TableName } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import { type Asked, askedIn, bounded, commonTables, listsOf, meant, own, schemaText, where } from './conditions.ts'

/** As many questions of one shape as there are. */
export const questionParameters = (questions: readonly Question[]): readonly Parameter[] => [
  JSON.stringify(
    questions.map(question => ({
      organization: question.organizationId,
      lists: listsOf(question),
      now: question.now,
      pending: question.pending,
      seats: question.seats,
    })),
  ),
]

/** The text for a question and for others of its shape: it answers each in a row with one JSON text, in their order. */
export function createQuestionText(names: Names): (question: Question) => string {
  const texts = new Map<string, string>()
  return question => {
    const asked = askedIn(question)
    const shape = asked.join()
    const text = texts.get(shape) ?? questionText(names, asked)
    texts.set(shape, text)
    return text
  }
}

const columns = 'organization text, lists jsonb, now timestamptz(3), pending bigint, seats bigint'

function questionText(names: Names, asked: readonly Asked[]): string {
  const always = [
    ['schema', schemaText(names)],
    ['revision', `coalesce((select revision from ${names.scopes} where ${own}), 0)`],
    ['now', 'q.now'],
  ] as const
  const answer = postgres.object([...always, ...told(names, asked)])
  const tables = commonTables(names, asked)
  return `with q as materialized (
  select n, organization, lists, pending, seats, ${postgres.now('now')} as now
  from rows from (jsonb_to_recordset(cast($1 as jsonb)) as (${columns})) with ordinality as x(organization, lists, now, pending, seats, n)
) select (${tables.length === 0 ? '' : `with ${tables.join(', ')} `}select cast(${answer} as text)) as json from q order by n`
}

/** A part of the answer, and what must be asked for it to be told: one of each group. */
interface Part {
  readonly name: string
  readonly needs: readonly (readonly Asked[])[]
  readonly expression: string
}

const told = (names: Names, asked: readonly Asked[]) =>
  partsOf(names)
    .filter(({ needs }) => needs.every(group => group.some(one => asked.includes(one))))
    .map(({ name, expression }) => [name, expression] as const)

function partsOf(names: Names): readonly Part[] {
  // Whole rows: for a list of columns an expression would be set up for each of them in every call, rows or none.
  const rows = (table: TableName, condition: string) =>
    `(select coalesce(json_agg(x), '[]') from ${names[table]} x where ${condition})`
  const present = (some: string) => `(select coalesce(json_agg(x), '[]') from ${some} m where x is distinct from null)`
  const tallies = (table: TableName, key: string, time: string, condition: string) =>
    postgres.array(
      { key, count: 'count(*)', oldest: `min(${time})` },
      `from ${names[table]} where ${condition} group by ${key}`,
    )
  return [
    { name: 'pending', needs: [['pending']], expression: bounded(names, 'invites', where.live, 'expires_at', 'q.pending') },
    { name: 'invites', needs: [['ids', 'emails', 'phones']], expression: rows('invites', where.invites) },
    { name: 'uses', needs: [['ids'], ['users']], expression: present(meant.uses(names)) },
    { name: 'kept', needs: [['keys']], expression: rows('kept', where.kept) },
    {
      name: 'templates',
      needs: [['templates']],
      expression: `(select coalesce(json_agg(id), '[]') from ${names.templates} where ${where.templates})`,
    },
    { name: 'made', needs: [['inviters']], expression: tallies('events', 'actor_id', 'at', where.made) },
    { name: 'sends', needs: [['marks', 'sentTo']], expression: tallies('outbox', 'mark', 'created_at', where.sends(names)) },
    {
      name: 'seats',
      needs: [['seats'], ['members']],
      expression: bounded(names, 'members', where.seated, 'user_id', 'q.seats'),
    },
    {
      name: 'members',
      needs: [['members'], ['ids', 'emails', 'phones', 'users']],
      expression: present(meant.members(names)),
    },
  ]
}
