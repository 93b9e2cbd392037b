// The Postgres dialect.
import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import { baseOf, type Dialect, pair, selected } from '../sql/dialect.ts'

/** Cached, since a commit writes the same time in many rows. */
let lastTime = { ms: 0, text: new Date(0).toISOString() }

function isoOf(value: Date): string {
  const ms = value.getTime()
  if (ms !== lastTime.ms) lastTime = { ms, text: value.toISOString() }
  return lastTime.text
}

export const postgres: Dialect = {
  name: 'postgres',
  numberIsKey: false,
  compiler: {
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: db => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
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
  jsonText: json => `cast(${json} as text)`,
  object: pairs => `json_build_object(${pairs.map(pair).join(', ')})`,
  day: column => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD')`,
  position: (part, text) => `strpos(${text}, ${part})`,
  bytewise: column => `${column} collate "C"`,
  tuple: columns => ({ tuple: `json_build_array(${Object.values(columns).join(', ')})` }),
  tuples: select => `select cast(coalesce(json_agg(tuple), '[]') as text) as json from (${select}) r`,
  whole: select => `select cast(coalesce(json_agg(r), '[]') as text) as json from (${select}) r`,
  rowsOf: answer => JSON.parse(String(answer[0]?.['json'] ?? '[]')),
}
