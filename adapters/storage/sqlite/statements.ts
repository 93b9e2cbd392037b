// The prepared statements of each connection, cached as long as it lives.
import type { Database, Statement } from 'better-sqlite3'
import type { Parameter, RawRow, Tuple } from '../sql/dialect.ts'

interface Prepared {
  readonly statement: Statement<unknown[], RawRow>
  /** Whether parameters are `$1` and so on, which are names to SQLite; `?` are positions. */
  readonly named: boolean
}

const prepared = new WeakMap<Database, Map<string, Prepared>>()
/** Beyond this many cached statements, new ones are prepared each time. */
const maxStatements = 300

function statementOf(db: Database, text: string): Prepared {
  const statements = prepared.get(db) ?? new Map<string, Prepared>()
  prepared.set(db, statements)
  const cached = statements.get(text)
  if (cached) return cached
  // The host's connection may be set to give every integer as a bigint.
  const statement = db.prepare<unknown[], RawRow>(stable(text)).safeIntegers(false)
  const created = { statement, named: /\$1\b/.test(text) }
  if (statements.size < maxStatements) statements.set(text, created)
  return created
}

/**
 * A `+` before a parameter hides its value from the planner. After `analyze`, SQLite (STAT4) would otherwise plan the
 * statement again for every new value, which takes ten times as long as running it.
 */
const stable = (text: string): string => text.replaceAll(/\?|\$\d+/g, '+$&')

const bound = (named: boolean, parameters: readonly unknown[]): readonly unknown[] =>
  named ? [Object.fromEntries(parameters.map((value, index) => [index + 1, value]))] : parameters

export function all(db: Database, text: string, parameters: readonly Parameter[] = []): readonly RawRow[] {
  const { statement, named } = statementOf(db, text)
  return statement.all(...bound(named, parameters))
}

/** Rows as tuples. A text must always be read this way or never, since the setting stays with its statement. */
export function tuples(db: Database, text: string, parameters: readonly Parameter[] = []): readonly Tuple[] {
  const { statement, named } = statementOf(db, text)
  return statement.raw().all(...bound(named, parameters)) as unknown as readonly Tuple[]
}

/** The number of rows that were written. */
export function run(db: Database, text: string, parameters: readonly unknown[] = []): number {
  const { statement, named } = statementOf(db, text)
  return statement.run(...bound(named, parameters)).changes
}
