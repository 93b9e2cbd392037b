// Where Postgres and SQLite differ, in one object each: types, values on their way in and out, and a few expressions.
import { type BaseType, type ColumnType, columnsOf, type TableName } from './tables.ts'

/** A value that a driver takes as a parameter. */
export type Parameter = string | number | null
/** A row as a driver or a JSON text gives it. */
export type RawRow = Readonly<Record<string, unknown>>

export interface Dialect {
  readonly name: 'postgres' | 'sqlite'
  readonly types: Readonly<Record<BaseType, string>>
  /** A time as a parameter; null is never. */
  time(value: Date | null): Parameter
  flag(value: boolean): boolean | number
  /** A JSON value inside a row that is written. */
  json(value: unknown): unknown
  fromJson(value: unknown): unknown
  /** A parameter as a time, a number or an id, whatever type the driver sends it with. */
  cast(parameter: string, type: BaseType): string
  /** A column as it goes out: times as milliseconds, never as null. */
  out(column: string, type: ColumnType): string
  /** The parameter, or the database's own clock where the parameter is null. */
  now(parameter: string): string
  /** The texts of a list inside a JSON parameter, as a select. */
  each(parameter: string, list: string, type?: 'id'): string
  /** Is the column one of a select's values? A null among them is nobody. */
  among(column: string, select: string): string
  /** A JSON array of the rows of `select <columns> <rest>`. */
  array(columns: Columns, rest: string): string
  /** Name and expression pairs as one JSON object. */
  object(pairs: readonly (readonly [name: string, expression: string])[]): string
  /** The day of a time column in UTC, `yyyy-mm-dd`. */
  day(column: string): string
  /** Where the first text stands in the second, 0 for nowhere. */
  position(part: string, text: string): string
  /** Text in the order of its bytes. */
  bytewise(column: string): string
  /** The columns of a select whose rows are tuples: their values in order. */
  tuple(columns: Columns): Columns
  /** A statement of such a select; see `Tuples`. */
  tuples(select: string): string
  /** A statement whose answer is the same with every driver, and the rows in that answer. */
  whole(select: string): string
  rowsOf(answer: readonly RawRow[]): readonly RawRow[]
}

/** Runs one statement, in the transaction if one is given. */
export type Run<Tx> = (text: string, parameters: readonly Parameter[], tx?: Tx) => Promise<readonly RawRow[]>

/** A row as its values, in the order of its columns: without the names a page is half as much to write, to send and to read. */
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
const pair = ([name, expression]: readonly [string, string]) => `'${name}', ${expression}`

/** All columns of a table, ready to go out. */
export const outgoing = (dialect: Dialect, table: TableName, alias: string): Columns =>
  Object.fromEntries(columnsOf(table).map(([column, type]) => [column, dialect.out(`${alias}.${column}`, type)]))

/** A JSON expression as text, which every driver hands over as it is. */
export const asText = (dialect: Dialect, json: string): string => (dialect.name === 'postgres' ? `cast(${json} as text)` : json)

/** A commit writes one time over and over. */
let lastTime = { ms: 0, text: new Date(0).toISOString() }

function isoOf(value: Date): string {
  const ms = value.getTime()
  if (ms !== lastTime.ms) lastTime = { ms, text: value.toISOString() }
  return lastTime.text
}

export const postgres: Dialect = {
  name: 'postgres',
  types: {
    id: 'uuid',
    text: 'text',
    int: 'bigint',
    flag: 'boolean',
    json: 'jsonb',
    time: 'timestamptz(3)',
    expiry: 'timestamptz(3)',
    number: 'bigint generated always as identity',
  },
  time: value => (value === null ? 'infinity' : isoOf(value)),
  flag: value => value,
  json: value => value,
  fromJson: value => value,
  cast: (parameter, type) => `cast(${parameter} as ${postgres.types[type]})`,
  out: (column, type) => {
    const base = baseOf(type)
    if (base !== 'time' && base !== 'expiry') return column
    return `cast(date_part('epoch', ${base === 'expiry' ? `nullif(${column}, 'infinity')` : column}) * 1000 as bigint)`
  },
  // clock_timestamp(): now() is old in a long transaction. Whole milliseconds: a cursor loses the rest.
  now: parameter => `coalesce(cast(${parameter} as timestamptz(3)), date_trunc('milliseconds', clock_timestamp()))`,
  each: (parameter, list, type) =>
    `select ${type === 'id' ? 'cast(e as uuid)' : 'e'} as value from jsonb_array_elements_text(cast(${parameter} as jsonb) -> '${list}') e`,
  among: (column, select) => `${column} = any(array(${select}))`,
  array: (columns, rest) => `(select coalesce(json_agg(r), '[]') from (select ${selected(columns)} ${rest}) r)`,
  object: pairs => `json_build_object(${pairs.map(pair).join(', ')})`,
  day: column => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD')`,
  position: (part, text) => `strpos(${text}, ${part})`,
  bytewise: column => `${column} collate "C"`,
  tuple: columns => ({ tuple: `json_build_array(${Object.values(columns).join(', ')})` }),
  tuples: select => `select cast(coalesce(json_agg(tuple), '[]') as text) as json from (${select}) r`,
  whole: select => `select cast(coalesce(json_agg(r), '[]') as text) as json from (${select}) r`,
  rowsOf: answer => JSON.parse(String(answer[0]?.['json'] ?? '[]')),
}

/** The last time that JavaScript can tell: never, in a column that sorts. */
const never = 8_640_000_000_000_000

export const sqlite: Dialect = {
  name: 'sqlite',
  types: {
    id: 'text',
    text: 'text',
    int: 'integer',
    flag: 'integer',
    json: 'text',
    time: 'integer',
    expiry: 'integer',
    number: 'integer primary key autoincrement',
  },
  time: value => value?.getTime() ?? never,
  flag: Number,
  json: value => JSON.stringify(value),
  fromJson: value => (typeof value === 'string' ? JSON.parse(value) : value),
  cast: parameter => parameter,
  out: (column, type) => (baseOf(type) === 'expiry' ? `nullif(${column}, ${never})` : column),
  now: parameter => parameter,
  each: (parameter, list) => `select value from json_each(${parameter}, '$.${list}')`,
  among: (column, select) => `${column} in (${select})`,
  array: (columns, rest) =>
    `(select json_group_array(json_object(${Object.keys(columns)
      .map(name => pair([name, name]))
      .join(', ')})) from (select ${selected(columns)} ${rest}))`,
  object: pairs => `json_object(${pairs.map(pair).join(', ')})`,
  day: column => `strftime('%Y-%m-%d', ${column} / 1000, 'unixepoch')`,
  position: (part, text) => `instr(${text}, ${part})`,
  bytewise: column => column,
  tuple: columns => columns,
  tuples: select => select,
  whole: select => select,
  rowsOf: answer => answer,
}
