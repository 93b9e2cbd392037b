// Facts queries as one statement. Each set of conditions has a text of its own, so that nothing unused is planned.
import type { FactsQuery } from '../../../../src/core.ts'
import type { Parameter } from '../../sql/dialect.ts'
import type { Names, TableName } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import {
  bounded,
  type Condition,
  commonTables,
  conditionsIn,
  listsOf,
  own,
  schemaText,
  selectedRows,
  where,
} from './conditions.ts'

/** The parameter for any number of queries with the same conditions. */
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

/** The text for queries with the same conditions. It answers each with a row of one JSON text, in their order. */
export function createFactsText(names: Names): (query: FactsQuery) => string {
  const texts = new Map<string, string>()
  return query => {
    const conditions = conditionsIn(query)
    const shape = conditions.join()
    const text = texts.get(shape) ?? factsText(names, conditions)
    texts.set(shape, text)
    return text
  }
}

const columns = 'organization text, lists jsonb, now timestamptz(3), pending bigint, seats bigint'

function factsText(names: Names, conditions: readonly Condition[]): string {
  const always = [
    ['schema', schemaText(names)],
    ['revision', `coalesce((select revision from ${names.scopes} where ${own}), 0)`],
    ['now', 'q.now'],
  ] as const
  const answer = postgres.object([...always, ...answerParts(names, conditions)])
  const tables = commonTables(names, conditions)
  return `with q as materialized (
  select n, organization, lists, pending, seats, ${postgres.now('now')} as now
  from rows from (jsonb_to_recordset(cast($1 as jsonb)) as (${columns})) with ordinality as x(organization, lists, now, pending, seats, n)
) select (${tables.length === 0 ? '' : `with ${tables.join(', ')} `}select cast(${answer} as text)) as json from q order by n`
}

/** A part of the answer. It is included when the query has at least one condition of each group in `needs`. */
interface Part {
  readonly name: string
  readonly needs: readonly (readonly Condition[])[]
  readonly expression: string
}

const answerParts = (names: Names, conditions: readonly Condition[]) =>
  partsOf(names)
    .filter(({ needs }) => needs.every(group => group.some(one => conditions.includes(one))))
    .map(({ name, expression }) => [name, expression] as const)

function partsOf(names: Names): readonly Part[] {
  // Whole rows: Postgres would set up an expression for each listed column in every call, even when there are no rows.
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
    { name: 'uses', needs: [['ids'], ['users']], expression: present(selectedRows.uses(names)) },
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
      expression: present(selectedRows.members(names)),
    },
  ]
}
