// Rows on their way into a statement, as `x`: few as parameters, many as one JSON parameter; and inserts that select from them.

import { encode } from '../sql/codec.ts'
import { type Parameter, postgres } from '../sql/dialect.ts'
import { columnsOf, type Names, primaryKeys, type Row, type TableName, tableNames, writtenColumns } from '../sql/tables.ts'

/** What is read of a row: the columns that the table's writer fills, with their types, and what else is needed to write it. */
type Shape = readonly (readonly [column: string, type: string])[]

function shapeOf(table: TableName): Shape {
  const types = new Map(columnsOf(table))
  const own = writtenColumns(table).map(column => [column, types.get(column) ?? 'text'] as const)
  return table === 'outbox' ? [...own, ['lease_ms', 'int']] : own
}

const shapes = Object.fromEntries(tableNames.map(table => [table, shapeOf(table)])) as Readonly<Record<TableName, Shape>>

const sqlType = (type: string): string => postgres.types[type.replace('?', '') as 'text']

/** A row for a list. */
export const toJsonRow = <T extends TableName>(table: T, row: Partial<Row<T>>): Record<string, unknown> =>
  encode(postgres, table, row)

/** The rows of a list in the CTE `input`, in order; `by` is the settlement that a row came with. */
export function listed(table: TableName, list: string): string {
  const shape = [...shapes[table].map(([column, type]) => [column, sqlType(type)] as const), ['by', 'text'] as const]
  const columns = shape.map(([column, type]) => `${column} ${type}`).join(', ')
  const names = shape.map(([column]) => column).join(', ')
  return `rows from (jsonb_to_recordset((select j -> '${list}' from input)) as (${columns})) with ordinality as x(${names}, n)`
}

/** So many rows of parameters, the first of them `$first`. */
export function given(table: TableName, count: number, first: number): string {
  const shape = shapes[table]
  const rows = Array.from({ length: count }, (_, row) => {
    const places = shape.map(([, type], index) => `cast($${first + row * shape.length + index} as ${sqlType(type)})`)
    return `(${places.join(', ')}, ${row})`
  })
  return `(values ${rows.join(', ')}) as x(${shape.map(([column]) => column).join(', ')}, n)`
}

/** How many parameters a row is. */
export const widthOf = (table: TableName): number => shapes[table].length

/** The parameters of such a row. */
export const toParameters = (table: TableName, row: Readonly<Record<string, unknown>>): Parameter[] =>
  shapes[table].map(([column, type]) => toParameter(row[column] ?? null, type))

function toParameter(value: unknown, type: string): Parameter {
  if (value === null) return type === 'expiry' ? postgres.time(null) : null
  if (value instanceof Date) return postgres.time(value)
  if (type.startsWith('json')) return JSON.stringify(value)
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
  return `insert into ${names[table]} (${columns.join(', ')}) select ${values.join(', ')} from ${source ?? listed(table, list)}, ${after} order by x.n ${conflict} returning 1`
}

/** By the database's clock, at the moment of writing. */
const leasedUntil = `clock_timestamp() + x.lease_ms * interval '1 millisecond'`
