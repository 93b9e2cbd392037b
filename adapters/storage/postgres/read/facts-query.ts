// Facts queries as one statement. One text for each shape of query: what is not asked is not planned.
import type { FactsQuery } from '../../../../src/core.ts'
import type { Parameter } from '../../sql/dialect.ts'
import type { Names, TableName } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import { type Asked, bounded, commonTables, conditionsIn, listsOf, meant, own, schemaText, where } from './conditions.ts'

/** As many queries of one shape as there are. */
export const factsParameters = (queries: readonly FactsQuery[]): readonly Parameter[] => [
  JSON.stringify(
    queries.map(query => ({
      organization: query.organizationId,
      lists: listsOf(query),
      now: query.now,
      pending: query.pending,
      seats: query.seats,
    })),
  ),
]

/** The text for a query and for others of its shape: it answers each in a row with one JSON text, in their order. */
export function createFactsText(names: Names): (query: FactsQuery) => string {
  const texts = new Map<string, string>()
  return query => {
    const asked = conditionsIn(query)
    const shape = asked.join()
    const text = texts.get(shape) ?? factsText(names, asked)
    texts.set(shape, text)
    return text
  }
}

const columns = 'organization text, lists jsonb, now timestamptz(3), pending bigint, seats bigint'

function factsText(names: Names, asked: readonly Asked[]): string {
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
  const dailyCounts = (table: TableName, key: string, time: string, condition: string) =>
    postgres.array(
      { key, count: 'count(*)', oldest: `min(${time})` },
      `from ${names[table]} where ${condition} group by ${key}`,
    )
  return [
    { name: 'pending', needs: [['pending']], expression: bounded(names, 'invites', where.live, 'expires_at', 'q.pending') },
    { name: 'invites', needs: [['ids', 'emails', 'phones']], expression: rows('invites', where.invites) },
    { name: 'uses', needs: [['ids'], ['users']], expression: present(meant.uses(names)) },
    { name: 'idempotency', needs: [['idempotencyKeys']], expression: rows('kept', where.idempotency) },
    {
      name: 'templates',
      needs: [['templates']],
      expression: `(select coalesce(json_agg(id), '[]') from ${names.templates} where ${where.templates})`,
    },
    { name: 'createdToday', needs: [['inviters']], expression: dailyCounts('events', 'actor_id', 'at', where.createdToday) },
    {
      name: 'sentToday',
      needs: [['addressHashes', 'sentTo']],
      expression: dailyCounts('outbox', 'mark', 'created_at', where.sentToday(names)),
    },
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
