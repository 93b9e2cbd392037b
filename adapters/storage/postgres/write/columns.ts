// Rows on their way into a statement, column by column: a value that all of them share goes once, others as an array.
// Postgres takes rows in half the time that it takes for them as JSON.
import { encode } from '../../sql/codec.ts'
import { baseOf, type Parameter } from '../../sql/dialect.ts'
import { type ColumnType, columnsOf, type Row, type TableName, tableNames, writtenColumns } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import type { Source } from './insert.ts'

/** What is read of a row: the columns that the table's writer fills, with their types, and what else is needed to write it. */
type Shape = readonly (readonly [column: string, type: ColumnType])[]

function shapeOf(table: TableName): Shape {
  const types = new Map(columnsOf(table))
  const own = writtenColumns(table).map(column => [column, types.get(column) ?? 'text'] as const)
  return table === 'outbox' ? [...own.filter(([column]) => column !== 'leased_until'), ['lease_ms', 'int']] : own
}

export const shapes = Object.fromEntries(tableNames.map(table => [table, shapeOf(table)])) as Readonly<Record<TableName, Shape>>

export const sqlType = (type: ColumnType): string => postgres.types[baseOf(type)]

/** By column, as JavaScript values. */
export type Values = Readonly<Record<string, unknown>>

interface ByColumn {
  /** One for each column of the table's shape. */
  readonly parameters: readonly Parameter[]
  /** One letter for each column: does it go as an array? The text depends on nothing else. */
  readonly arrays: string
}

/** `apart`: every column as an array, which is one shape for all rows. */
export function byColumn(table: TableName, rows: readonly Values[], apart: boolean): ByColumn {
  const parameters: Parameter[] = []
  let arrays = ''
  for (const [column, type] of shapes[table]) {
    const values = rows.map(row => toParameter(row[column] ?? null, type))
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

/** As Postgres reads an array; JSON values as one of JSON, which needs no quotes around each. */
function toArray(values: readonly Parameter[], type: ColumnType): string {
  if (baseOf(type) === 'json') return `[${values.map(value => value ?? 'null').join(',')}]`
  return `{${values.map(value => (typeof value === 'string' ? quoted(value) : (value ?? 'null'))).join(',')}}`
}

const quoted = (text: string): string => `"${/["\\]/.test(text) ? text.replace(/["\\]/g, '\\$&') : text}"`

/** What such rows are selected from. `first` is the place of the first parameter. */
export function columnSource(table: TableName, arrays: string, first: number): Source {
  const columns = shapes[table].map(([name, type], index) => ({
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

/** In an array of JSON a null is one of JSON's own. */
const fromList = (name: string, type: ColumnType): string => (type === 'json?' ? `nullif(x.${name}, 'null')` : `x.${name}`)

/** A row for a list. */
export const toJsonRow = <T extends TableName>(table: T, row: Partial<Row<T>>): Record<string, unknown> =>
  encode(postgres, table, row)

/** The rows of a list in the CTE `input`, in order; `by` is the settlement that a row came with. */
export function listSource(table: TableName, list: string): Source {
  const shape = [...shapes[table].map(([column, type]) => [column, sqlType(type)] as const), ['by', 'text'] as const]
  const columns = shape.map(([column, type]) => `${column} ${type}`).join(', ')
  const names = shape.map(([column]) => column).join(', ')
  return {
    relation: `rows from (jsonb_to_recordset((select j -> '${list}' from input)) as (${columns})) with ordinality as x(${names}, n)`,
    value: column => `x.${column}`,
  }
}
