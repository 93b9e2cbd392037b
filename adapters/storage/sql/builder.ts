// Kysely as a builder of text: queries are composed by it for either dialect and run by the storage; it never connects.
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import { type Dialect, outgoing, type Parameter, type RawRow, type Run } from './dialect.ts'
import type { BaseType, Names, Row, TableName } from './tables.ts'

export interface Setup<Tx> {
  readonly dialect: Dialect
  readonly names: Names
  readonly run: Run<Tx>
}

interface Compilable {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] }
}

export function createBuilder<Tx>({ dialect, names, run }: Setup<Tx>) {
  const db = kyselyFor(dialect)
  return {
    db,
    /** A select from one table, as `x`. */
    from: <T extends TableName>(table: T) => db.selectFrom(sql<Row<T>>`${sql.raw(names[table])}`.as('x')),
    columns: (table: TableName) =>
      Object.entries(outgoing(dialect, table, 'x')).map(([column, expression]) => sql.raw(expression).as(column)),
    async rows(query: Compilable, tx?: Tx): Promise<readonly RawRow[]> {
      const { sql: text, parameters } = query.compile()
      return dialect.rowsOf(await run(dialect.whole(text), parameters.map(asParameter), tx))
    },
    time: (value: Date | null) => bound<Date>(dialect, 'time', dialect.time(value)),
    id: (value: string) => bound<string>(dialect, 'id', value),
    count: (value: number) => bound<number>(dialect, 'int', value),
  }
}

export type Builder<Tx> = ReturnType<typeof createBuilder<Tx>>

/** A parameter of this type, whatever a driver would take it for. */
function bound<T>(dialect: Dialect, type: BaseType, value: Parameter) {
  const [before = '', after = ''] = dialect.cast('?', type).split('?')
  return sql<T>`${sql.raw(before)}${value}${sql.raw(after)}`
}

function asParameter(value: unknown): Parameter {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value
  throw new TypeError(`a list's parameter is a ${typeof value}`)
}

const kyselyFor = (dialect: Dialect): Kysely<Record<never, never>> =>
  new Kysely({
    dialect:
      dialect.name === 'postgres'
        ? {
            createAdapter: () => new PostgresAdapter(),
            createDriver: () => new DummyDriver(),
            createIntrospector: db => new PostgresIntrospector(db),
            createQueryCompiler: () => new PostgresQueryCompiler(),
          }
        : {
            createAdapter: () => new SqliteAdapter(),
            createDriver: () => new DummyDriver(),
            createIntrospector: db => new SqliteIntrospector(db),
            createQueryCompiler: () => new SqliteQueryCompiler(),
          },
  })
