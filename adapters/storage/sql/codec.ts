// Values between the records' types and a database's: rows that are written, rows that are read, rows as tuples.
import { type Columns, type Dialect, outgoing, type RawRow, type Tuple } from './dialect.ts'
import { columnsOf, type Row, type TableName, tables } from './tables.ts'

/** A row's values as they are written: by column, in the dialect's own types. A null is left out: both writers put it in again. */
export function encode<T extends TableName>(dialect: Dialect, table: T, row: Partial<Row<T>>): Record<string, unknown> {
  const types: Readonly<Record<string, string>> = tables[table]
  const values: Record<string, unknown> = {}
  for (const column in row) {
    const type = types[column] ?? 'text'
    const value = row[column]
    if (value !== null || type === 'expiry') values[column] = encodeValue(dialect, type, value)
  }
  return values
}

function encodeValue(dialect: Dialect, type: string, value: unknown): unknown {
  if (value === null) return type === 'expiry' ? dialect.time(null) : null
  if (value instanceof Date) return dialect.time(value)
  if (typeof value === 'boolean' && type === 'flag') return dialect.flag(value)
  return type.startsWith('json') ? dialect.json(value) : value
}

/** The row as JavaScript values. Columns that the select left out stay absent. A page decodes thousands of values: no lists of pairs. */
export function decode<T extends TableName>(dialect: Dialect, table: T, raw: RawRow): Row<T> {
  const row: Record<string, unknown> = {}
  for (const [column, kind] of kinds[table]) {
    const value = raw[column]
    if (value === undefined) continue
    row[column] = value === null || kind === 'plain' ? value : decodeValue(dialect, kind, value)
  }
  return row as unknown as Row<T>
}

export interface Reader<T extends TableName> {
  /** The columns of a table `x`, to be selected as tuples. */
  readonly columns: Columns
  readonly row: (tuple: Tuple) => Row<T>
}

/** Rows as tuples. */
export function createReader<T extends TableName>(dialect: Dialect, table: T): Reader<T> {
  return {
    columns: outgoing(dialect, table, 'x'),
    row(tuple) {
      const row: Record<string, unknown> = {}
      kinds[table].forEach(([column, kind], place) => {
        const value = tuple[place]
        row[column] = value === null || kind === 'plain' ? value : decodeValue(dialect, kind, value)
      })
      return row as unknown as Row<T>
    },
  }
}

/** Some columns of a table `x`, in this order. */
export function some<T extends TableName>(dialect: Dialect, table: T, columns: readonly (keyof Row<T> & string)[]): Columns {
  const all = outgoing(dialect, table, 'x')
  return Object.fromEntries(columns.map(column => [column, all[column] ?? column]))
}

type Kind = 'plain' | 'time' | 'json' | 'flag'

function kindOf(type: string): Kind {
  if (type.startsWith('time') || type === 'expiry') return 'time'
  if (type.startsWith('json')) return 'json'
  return type.startsWith('flag') ? 'flag' : 'plain'
}

const kinds = Object.fromEntries(
  (Object.keys(tables) as TableName[]).map(table => [
    table,
    columnsOf(table).map(([column, type]) => [column, kindOf(type)] as const),
  ]),
) as unknown as Readonly<Record<TableName, readonly (readonly [column: string, kind: Kind])[]>>

function decodeValue(dialect: Dialect, kind: Kind, value: unknown): unknown {
  if (kind === 'time') return toTime(value)
  return kind === 'json' ? dialect.fromJson(value) : Boolean(value)
}

/** From milliseconds, from the text that Postgres writes into JSON, or from a time that was read already. */
export const toTime = (value: unknown): Date | null =>
  value === null || value === 'infinity' ? null : value instanceof Date ? value : new Date(value as number | string)
