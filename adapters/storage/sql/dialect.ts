// What differs between databases: types, encoded values and some SQL expressions. Each storage has its own dialect.
import type { Dialect as KyselyDialect } from 'kysely'
import { type BaseType, type ColumnType, columnsOf, type TableName } from './tables.ts'

/** A value that a driver takes as a parameter. */
export type Parameter = string | number | null
/** A row as a driver or a JSON text gives it. */
export type RawRow = Readonly<Record<string, unknown>>

export interface Dialect {
  readonly name: string
  /** Whether the type of a `number` column declares the primary key itself. */
  readonly numberIsKey: boolean
  /** Kysely's compiler for the statements of lists. */
  readonly compiler: Pick<KyselyDialect, 'createAdapter' | 'createIntrospector' | 'createQueryCompiler'>
  readonly types: Readonly<Record<BaseType, string>>
  /** A time as a parameter; null means never. */
  time(value: Date | null): Parameter
  flag(value: boolean): boolean | number
  /** A JSON value inside a row that is written. */
  json(value: unknown): unknown
  fromJson(value: unknown): unknown
  /** A parameter cast to a type, whatever type the driver sends it with. */
  cast(parameter: string, type: BaseType): string
  /** A column as it is selected: times as milliseconds, and null for an expiry that is never. */
  out(column: string, type: ColumnType): string
  /** The parameter, or the database's own clock where the parameter is null. */
  now(parameter: string): string
  /** The texts of a list inside a JSON parameter, as a select. */
  each(parameter: string, list: string, type?: 'id'): string
  /** Whether the column is one of a select's values. A null among them matches nothing. */
  among(column: string, select: string): string
  /** A JSON array of the rows of `select <columns> <rest>`. */
  array(columns: Columns, rest: string): string
  /** A JSON expression as text, which every driver returns unchanged. */
  jsonText(json: string): string
  /** Name and expression pairs as one JSON object. */
  object(pairs: readonly (readonly [name: string, expression: string])[]): string
  /** The day of a time column in UTC, `yyyy-mm-dd`. */
  day(column: string): string
  /** The position of the first text in the second; 0 when it is not there. */
  position(part: string, text: string): string
  /** Text in the order of its bytes. */
  bytewise(column: string): string
  /** The columns of a select whose rows are tuples: their values in order. */
  tuple(columns: Columns): Columns
  /** A statement of such a select; see `Tuples`. */
  tuples(select: string): string
  /** A statement whose answer is the same with every driver; `rowsOf` reads its rows. */
  whole(select: string): string
  rowsOf(answer: readonly RawRow[]): readonly RawRow[]
}

/** Runs one statement, in the transaction if one is given. */
export type Run<Tx> = (text: string, parameters: readonly Parameter[], tx?: Tx) => Promise<readonly RawRow[]>

/** A row's values in the order of its columns. Without the names a page is half the size. */
export type Tuple = readonly unknown[]

/** Runs one statement of `Dialect.tuples`. */
export type Tuples<Tx> = (text: string, parameters: readonly Parameter[], tx?: Tx) => Promise<readonly Tuple[]>

/** Column name → expression. */
export type Columns = Readonly<Record<string, string>>

/** A column's type without the `?` that admits null. */
export const baseOf = (type: ColumnType): BaseType => type.replace('?', '') as BaseType

/** Expressions as the columns of a select. */
export const selected = (columns: Columns): string =>
  Object.entries(columns)
    .map(([name, expression]) => `${expression} as ${name}`)
    .join(', ')
export const pair = ([name, expression]: readonly [string, string]) => `'${name}', ${expression}`

/** All columns of a table, as they are selected. */
export const outgoing = (dialect: Dialect, table: TableName, alias: string): Columns =>
  Object.fromEntries(columnsOf(table).map(([column, type]) => [column, dialect.out(`${alias}.${column}`, type)]))
