// The SQLite dialect.
import { SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import { baseOf, type Dialect, pair, selected } from '../sql/dialect.ts'

/** Stands for never in a column that sorts: the latest time that a JavaScript date can have. */
const never = 8_640_000_000_000_000

export const sqlite: Dialect = {
  name: 'sqlite',
  numberIsKey: true,
  compiler: {
    createAdapter: () => new SqliteAdapter(),
    createIntrospector: db => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
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
  jsonText: json => json,
  object: pairs => `json_object(${pairs.map(pair).join(', ')})`,
  day: column => `strftime('%Y-%m-%d', ${column} / 1000, 'unixepoch')`,
  position: (part, text) => `instr(${text}, ${part})`,
  bytewise: column => column,
  tuple: columns => columns,
  tuples: select => select,
  whole: select => select,
  rowsOf: answer => answer,
}
