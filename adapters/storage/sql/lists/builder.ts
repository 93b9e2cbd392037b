// Builds the statements of lists with Kysely, for either dialect. The storage runs them; Kysely never connects.
import { DummyDriver, Kysely, sql } from 'kysely'
import type { Columns, Dialect, Parameter, Run, Tuple, Tuples } from '../dialect.ts'
import type { BaseType, Names, Row, TableName } from '../tables.ts'

export interface Setup<Tx> {
  readonly dialect: Dialect
  readonly names: Names
  readonly run: Run<Tx>
  readonly tuples: Tuples<Tx>
}

/** A query whose parameters are the names of its values. */
export interface Composed {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] }
}

export interface Listing {
  /** Queries of one shape differ only in their values. */
  readonly shape: string
  readonly compose: () => Composed
  readonly values: Readonly<Record<string, Parameter>>
}

interface Statement {
  readonly text: string
  readonly names: readonly string[]
}

/** Beyond this many cached statements, new shapes are composed each time. */
const maxStatements = 500

export function createBuilder<Tx>({ dialect, names, tuples }: Setup<Tx>) {
  const db = kyselyFor(dialect)
  const statements = new Map<string, Statement>()

  /** Cached by shape: Kysely takes as long to compose a page's statement as Postgres takes to run it. */
  function statementOf({ shape, compose }: Listing): Statement {
    const cached = statements.get(shape)
    if (cached !== undefined) return cached
    const { sql: text, parameters } = compose().compile()
    const statement = { text: dialect.tuples(text), names: parameters.map(String) }
    if (statements.size < maxStatements) statements.set(shape, statement)
    return statement
  }

  return {
    db,
    /** A select from one table, as `x`. */
    from: <T extends TableName>(table: T) => db.selectFrom(sql<Row<T>>`${sql.raw(names[table])}`.as('x')),
    columns: (columns: Columns) =>
      Object.entries(dialect.tuple(columns)).map(([column, expression]) => sql.raw(expression).as(column)),
    rows(listing: Listing, tx?: Tx): Promise<readonly Tuple[]> {
      const { text, names } = statementOf(listing)
      return tuples(
        text,
        names.map(name => listing.values[name] ?? null),
        tx,
      )
    },
  }
}

/** The value of this name as a parameter, cast to the type. */
export const bound = <T>(dialect: Dialect, name: string, type: BaseType) => withValue<T>(dialect.cast('?', type), name)

/** An expression, with the value of this name where it has `?`. */
export function withValue<T>(expression: string, name: string) {
  const [before = '', after = ''] = expression.split('?')
  return sql<T>`${sql.raw(before)}${name}${sql.raw(after)}`
}

const kyselyFor = ({ compiler }: Dialect): Kysely<Record<never, never>> =>
  new Kysely({ dialect: { ...compiler, createDriver: () => new DummyDriver() } })
