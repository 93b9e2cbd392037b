// Values between records and a database: reading the rows of a table as records, and encoding single values.
import { baseOf, type Columns, type Dialect, outgoing, type RawRow, type Tuple } from './dialect.ts'
import { type Fields, fieldOf } from './fields.ts'
import { type ColumnType, columnsOf, type TableName } from './tables.ts'

/** Reads rows of one table, given by column name or as tuples. */
export interface Reader<R> {
  /** The columns of a table `x` in the order of `fromTuple`. */
  readonly columns: (dialect: Dialect) => Columns
  /** Columns that the select left out stay absent. */
  readonly fromRow: (dialect: Dialect, row: RawRow) => R
  readonly fromTuple: (dialect: Dialect, tuple: Tuple) => R
}

/** Every field of `R` has a column. */
type Stored<T extends TableName, R> = { readonly [F in keyof R]: F extends keyof Fields<T> ? unknown : never }

/** The columns, by field, that `R` has no field for. */
type Skipped<T extends TableName, R> = { readonly [F in Exclude<keyof Fields<T>, keyof R>]: true }

/** A field of `R` without a column, and a column that is neither a field nor in `skipped`, do not compile. */
export function createReader<T extends TableName, R extends Stored<T, R>>(table: T, skipped: Skipped<T, R>): Reader<R> {
  const read = columnsOf(table)
    .map(([column, type]) => ({ column, field: fieldOf(table, column), kind: kindOf(type) }))
    .filter(({ field }) => !(field in skipped))
  return {
    columns: dialect =>
      some(
        dialect,
        table,
        read.map(({ column }) => column),
      ),
    fromRow(dialect, row) {
      const record: Record<string, unknown> = {}
      for (const { column, field, kind } of read) {
        const value = row[column]
        if (value !== undefined) record[field] = decodeValue(dialect, kind, value)
      }
      return record as R
    },
    fromTuple(dialect, tuple) {
      const record: Record<string, unknown> = {}
      read.forEach(({ field, kind }, index) => {
        record[field] = decodeValue(dialect, kind, tuple[index])
      })
      return record as R
    },
  }
}

/** Some columns of a table `x`, in this order. */
export function some(dialect: Dialect, table: TableName, columns: readonly string[]): Columns {
  const all = outgoing(dialect, table, 'x')
  return Object.fromEntries(columns.map(column => [column, all[column] ?? column]))
}

type Kind = 'plain' | 'time' | 'json' | 'flag'

function kindOf(type: ColumnType): Kind {
  const base = baseOf(type)
  if (base === 'time' || base === 'expiry') return 'time'
  return base === 'json' || base === 'flag' ? base : 'plain'
}

function decodeValue(dialect: Dialect, kind: Kind, value: unknown): unknown {
  if (value === null || kind === 'plain') return value
  if (kind === 'time') return toTime(value)
  return kind === 'json' ? dialect.fromJson(value) : Boolean(value)
}

/** Reads milliseconds, the text that Postgres writes into JSON, or a date. */
export const toTime = (value: unknown): Date | null =>
  value === null || value === 'infinity' ? null : value instanceof Date ? value : new Date(value as number | string)

/** A column that a writer fills, and how its value is taken from a new row. */
export interface WrittenColumn {
  readonly column: string
  readonly type: ColumnType
  readonly valueIn: (row: object) => unknown
}

/** A row's values in the order of these columns, as the dialect writes them. */
export const encode = (dialect: Dialect, columns: readonly WrittenColumn[], row: object): readonly unknown[] =>
  columns.map(({ type, valueIn }) => encodeValue(dialect, type, valueIn(row)))

/** A value as the dialect writes it. Only an expiry stores null as a time: it means never. */
function encodeValue(dialect: Dialect, type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return type === 'expiry' ? dialect.time(null) : null
  if (value instanceof Date) return dialect.time(value)
  if (type === 'flag') return dialect.flag(Boolean(value))
  return type === 'json' || type === 'json?' ? dialect.json(value) : value
}
