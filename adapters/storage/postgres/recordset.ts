// Rows on their way into a statement, as `x`: few as parameters, many as one JSON parameter; and inserts that select from them.

import { encode } from '../sql/codec.ts'
import { baseOf, type Parameter, postgres } from '../sql/dialect.ts'
import {
  type ColumnType,
  columnsOf,
  type Names,
  primaryKeys,
  type Row,
  type TableName,
  tableNames,
  writtenColumns,
} from '../sql/tables.ts'

/** What is read of a row: the columns that the table's writer fills, with their types, and what else is needed to write it. */
type Shape = readonly (readonly [column: string, type: ColumnType])[]

function shapeOf(table: TableName): Shape {
  const types = new Map(columnsOf(table))
  const own = writtenColumns(table).map(column => [column, types.get(column) ?? 'text'] as const)
  return table === 'outbox' ? [...own.filter(([column]) => column !== 'leased_until'), ['lease_ms', 'int']] : own
}

const shapes = Object.fromEntries(tableNames.map(table => [table, shapeOf(table)])) as Readonly<Record<TableName, Shape>>

const sqlType = (type: ColumnType): string => postgres.types[baseOf(type)]

/** A row for a list. */
export const toJsonRow = <T extends TableName>(table: T, row: Partial<Row<T>>): Record<string, unknown> =>
  encode(postgres, table, row)

/** The rows of a list in the CTE `input`, in order; `by` is the settlement that a row came with. */
function listed(table: TableName, list: string): string {
  const shape = [...shapes[table].map(([column, type]) => [column, sqlType(type)] as const), ['by', 'text'] as const]
  const columns = shape.map(([column, type]) => `${column} ${type}`).join(', ')
  const names = shape.map(([column]) => column).join(', ')
  return `rows from (jsonb_to_recordset((select j -> '${list}' from input)) as (${columns})) with ordinality as x(${names}, n)`
}

/** Rows that go as parameters. */
export interface Given {
  readonly count: number
  /** The place of the first. */
  readonly first: number
}

/** What a statement selects from: a relation, empty for a row that is nothing but parameters, and the values in it by column. */
interface Source {
  readonly relation: string
  readonly value: (column: string) => string
}

const fromX = (relation: string): Source => ({ relation, value: column => `x.${column}` })

export function sourceOf(table: TableName, list: string, given: Given | null): Source {
  if (given === null) return fromX(listed(table, list))
  const shape = shapes[table]
  const names = shape.map(([column]) => column)
  const places = (row: number) =>
    shape.map(([, type], index) => `cast($${given.first + row * shape.length + index} as ${sqlType(type)})`)
  if (given.count === 1) {
    const [only] = [places(0)]
    return { relation: '', value: column => only[names.indexOf(column)] ?? 'null' }
  }
  const rows = Array.from({ length: given.count }, (_, row) => `(${places(row).join(', ')}, ${row})`)
  return fromX(`(values ${rows.join(', ')}) as x(${names.join(', ')}, n)`)
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
  readonly given?: Given | null
  /** The CTEs that must be there before: at least the claim. */
  readonly after: string
  readonly conflict?: string
}

/** An insert of rows in their order, so that `seq` follows it. Returns one row for each. */
export function insertText(names: Names, { table, list, given = null, after, conflict = '' }: Insert): string {
  const { relation, value } = sourceOf(table, list, given)
  const columns = writtenColumns(table)
  const values = columns.map(column => (column === 'leased_until' ? leasedUntil(value) : value(column)))
  const from = relation === '' ? after : `${relation}, ${after} order by x.n`
  return `insert into ${names[table]} (${columns.join(', ')}) select ${values.join(', ')} from ${from} ${conflict} returning 1`
}

/** By the database's clock, at the moment of writing. */
const leasedUntil = (value: Source['value']) => `clock_timestamp() + ${value('lease_ms')} * interval '1 millisecond'`
