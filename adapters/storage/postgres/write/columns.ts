// Rows as parameters of a statement, column by column: a value that all rows share is sent once, others as an array. Postgres
// reads them in half the time that it needs for rows as JSON.
import type { WrittenColumn } from '../../sql/codec.ts'
import { baseOf, type Parameter } from '../../sql/dialect.ts'
import { written } from '../../sql/rows.ts'
import { type ColumnType, type TableName, tableNames } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import type { Source } from './insert.ts'

/** The columns that are sent for a row. A message has the length of its lease instead of its end, which the database computes. */
type Shape = readonly WrittenColumn[]

const leaseMs: WrittenColumn = { column: 'lease_ms', type: 'int', valueIn: row => ('leaseMs' in row ? row.leaseMs : null) }

const shapeOf = (table: TableName): Shape =>
  table === 'outbox' ? [...written.outbox.filter(({ column }) => column !== 'leased_until'), leaseMs] : written[table]

export const shapes = Object.fromEntries(tableNames.map(table => [table, shapeOf(table)])) as Readonly<Record<TableName, Shape>>

export const sqlType = (type: ColumnType): string => postgres.types[baseOf(type)]

interface ByColumn {
  /** One for each column of the table's shape. */
  readonly parameters: readonly Parameter[]
  /** One letter for each column: `a` when it is sent as an array. The text depends on nothing else. */
  readonly arrays: string
}

/** `apart`: every column as an array, so that one text fits all rows. */
export function byColumn(table: TableName, rows: readonly object[], apart: boolean): ByColumn {
  const parameters: Parameter[] = []
  let arrays = ''
  for (const { type, valueIn } of shapes[table]) {
    const values = rows.map(row => toParameter(valueIn(row) ?? null, type))
    const isArray = apart || values.some(value => value !== values[0])
    parameters.push(isArray ? toArray(values, type) : (values[0] ?? null))
    arrays += isArray ? 'a' : '-'
  }
  return { parameters, arrays }
}

function toParameter(value: unknown, type: ColumnType): Parameter {
  if (value === null) return type === 'expiry' ? postgres.time(null) : null
  if (value instanceof Date) return postgres.time(value)
  if (type.startsWith('json')) return JSON.stringify(value)
  return typeof value === 'number' ? value : String(value)
}

/** The text of a Postgres array. JSON values are one JSON array, which saves quoting each. */
function toArray(values: readonly Parameter[], type: ColumnType): string {
  if (baseOf(type) === 'json') return `[${values.map(value => value ?? 'null').join(',')}]`
  return `{${values.map(value => (typeof value === 'string' ? quoted(value) : (value ?? 'null'))).join(',')}}`
}

const quoted = (text: string): string => `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`

/** The source of rows that were encoded by `byColumn`. `first` is the number of the first parameter. */
export function columnSource(table: TableName, arrays: string, first: number): Source {
  const columns = shapes[table].map(({ column: name, type }, index) => ({
    name,
    type,
    place: `$${first + index}`,
    isArray: arrays[index] === 'a',
  }))
  const lists = columns.filter(({ isArray }) => isArray)
  const expressions = new Map(
    columns.map(({ name, type, place, isArray }) => [
      name,
      isArray ? fromList(name, type) : `cast(${place} as ${sqlType(type)})`,
    ]),
  )
  return {
    relation:
      lists.length === 0
        ? ''
        : `rows from (${lists.map(({ type, place }) => unnested(type, place)).join(', ')}) with ordinality as x(${[...lists.map(({ name }) => name), 'n'].join(', ')})`,
    value: column => expressions.get(column) ?? 'null',
  }
}

const unnested = (type: ColumnType, place: string): string =>
  baseOf(type) === 'json' ? `jsonb_array_elements(cast(${place} as jsonb))` : `unnest(cast(${place} as ${sqlType(type)}[]))`

/** A null in a JSON array is JSON's own null, so it is turned into SQL's. */
const fromList = (name: string, type: ColumnType): string => (type === 'json?' ? `nullif(x.${name}, 'null')` : `x.${name}`)

/** A row for a list of JSON: nulls are left out, as are columns that the row has no value for. */
export function toJsonRow(table: TableName, row: object): Record<string, unknown> {
  const columns = shapes[table].map(({ column, valueIn }) => [column, valueIn(row) ?? null] as const)
  return Object.fromEntries(
    columns
      .filter(([, value]) => value !== null)
      .map(([column, value]) => [column, value instanceof Date ? postgres.time(value) : value]),
  )
}

/** The rows of a list in the CTE `input`, in order; `by` is the settlement that a row came with. */
export function listSource(table: TableName, list: string): Source {
  const shape = [...shapes[table].map(({ column, type }) => [column, sqlType(type)] as const), ['by', 'text'] as const]
  const columns = shape.map(([column, type]) => `${column} ${type}`).join(', ')
  const names = shape.map(([column]) => column).join(', ')
  return {
    relation: `rows from (jsonb_to_recordset((select j -> '${list}' from input)) as (${columns})) with ordinality as x(${names}, n)`,
    value: column => `x.${column}`,
  }
}
