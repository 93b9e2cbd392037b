// Rows on their way into a statement, as `x`: few as parameters, many as one JSON parameter; and inserts that select from them.

import { encode } from '../sql/codec.ts'
import { type Parameter, postgres } from '../sql/dialect.ts'
import { columnsOf, type Names, primaryKeys, type Row, type TableName, writtenColumns } from '../sql/tables.ts'

/** Columns beside the table's own. */
type Extra = Readonly<Record<string, string>>

const lease: Extra = { lease_ms: 'bigint' }

/** What is read of a row: what the table's writer fills, and what else is needed to write it. */
function shapeOf(table: TableName, extra: Extra = {}): readonly (readonly [column: string, type: string])[] {
  const types = new Map(columnsOf(table).map(([column, type]) => [column, postgres.types[type.replace('?', '') as 'text']]))
  const own = writtenColumns(table).map(column => [column, types.get(column) ?? 'text'] as const)
  return [...own, ...Object.entries({ ...(table === 'outbox' ? lease : {}), ...extra })]
}

const shapes = new Map<TableName, ReturnType<typeof shapeOf>>()

function shapeAlone(table: TableName): ReturnType<typeof shapeOf> {
  const shape = shapes.get(table) ?? shapeOf(table)
  shapes.set(table, shape)
  return shape
}

/** A row, ready for a list or for parameters. */
export const toJsonRow = <T extends TableName>(table: T, row: Partial<Row<T>>): Record<string, unknown> =>
  encode(postgres, table, row)

/** The rows of a list in the CTE `input`, in order. */
export function listed(table: TableName, list: string, extra?: Extra): string {
  const shape = shapeOf(table, extra)
  const columns = shape.map(([column, type]) => `${column} ${type}`).join(', ')
  const names = shape.map(([column]) => column).join(', ')
  return `rows from (jsonb_to_recordset((select j -> '${list}' from input)) as (${columns})) with ordinality as x(${names}, n)`
}

/** So many rows of parameters, the first of them `$first`. */
export function given(table: TableName, count: number, first: number): string {
  const shape = shapeAlone(table)
  const rows = Array.from({ length: count }, (_, row) => {
    const places = shape.map(([, type], index) => `cast($${first + row * shape.length + index} as ${type})`)
    return `(${places.join(', ')}, ${row})`
  })
  return `(values ${rows.join(', ')}) as x(${shape.map(([column]) => column).join(', ')}, n)`
}

/** The parameters of such rows. */
export function toParameters(table: TableName, rows: readonly Record<string, unknown>[]): Parameter[] {
  const parameters: Parameter[] = []
  for (const row of rows) {
    for (const [column, type] of shapeAlone(table)) parameters.push(toParameter(row[column], type))
  }
  return parameters
}

function toParameter(value: unknown, type: string): Parameter {
  if (value === null || value === undefined) return null
  if (type === 'jsonb') return JSON.stringify(value)
  return typeof value === 'number' ? value : String(value)
}

/** Every column but the key takes the new value, as long as the row is the same organization's. */
export function upsert(names: Names, table: 'invites' | 'members' | 'kept'): string {
  const columns = writtenColumns(table).filter(column => !primaryKeys[table].includes(column))
  const set = columns.map(column => `${column} = excluded.${column}`).join(', ')
  return `on conflict (${primaryKeys[table].join(', ')}) do update set ${set} where ${names[table]}.organization_id = excluded.organization_id`
}

export interface Insert {
  readonly table: TableName
  /** The list in `input` that holds the rows. */
  readonly list: string
  /** The rows, as `x`, where they come from elsewhere. */
  readonly source?: string
  /** The CTEs that must be there before: at least the claim. */
  readonly after: string
  readonly conflict?: string
}

/** An insert of rows in their order, so that `seq` follows it. Returns one row for each. */
export function insertText(names: Names, { table, list, source, after, conflict = '' }: Insert): string {
  const columns = writtenColumns(table)
  const values = columns.map(column => (table === 'outbox' && column === 'leased_until' ? leasedUntil : `x.${column}`))
  return `insert into ${names[table]} (${columns.join(', ')}) select ${values.join(', ')} from ${source ?? listed(table, list, { by: 'text' })}, ${after} order by x.n ${conflict} returning 1`
}

/** By the database's clock, at the moment of writing. */
const leasedUntil = `clock_timestamp() + x.lease_ms * interval '1 millisecond'`
