// Prepared statements of a connection, kept as long as it lives.
import type { Database, Statement } from 'better-sqlite3'
import type { Parameter, RawRow, Tuple } from '../sql/dialect.ts'

interface Prepared {
  readonly statement: Statement<unknown[], RawRow>
  /** `$1` and its like are names to SQLite; `?` are places. */
  readonly named: boolean
}

const prepared = new WeakMap<Database, Map<string, Prepared>>()
/** Lists come in many shapes; past the bound they are prepared anew. */
const maxStatements = 300

function statementOf(db: Database, text: string): Prepared {
  const known = prepared.get(db) ?? new Map<string, Prepared>()
  prepared.set(db, known)
  const found = known.get(text)
  if (found) return found
  // The host's connection may be set to give every integer as a bigint.
  const statement = db.prepare<unknown[], RawRow>(stable(text)).safeIntegers(false)
  const made = { statement, named: /\$1\b/.test(text) }
  if (known.size < maxStatements) known.set(text, made)
  return made
}

/**
 * With `+` before it a parameter's value is of no interest to the planner. Once somebody has run `analyze`, SQLite (STAT4)
 * would otherwise plan a statement anew for every new value: that takes ten times as long as the statement itself.
 */
const stable = (text: string): string => text.replaceAll(/\?|\$\d+/g, '+$&')

const bound = (named: boolean, parameters: readonly unknown[]): readonly unknown[] =>
  named ? [Object.fromEntries(parameters.map((value, index) => [index + 1, value]))] : parameters

export function all(db: Database, text: string, parameters: readonly Parameter[] = []): readonly RawRow[] {
  const { statement, named } = statementOf(db, text)
  return statement.all(...bound(named, parameters))
}

/** Rows as their values in order. A text that is read so is read so always. */
export function tuples(db: Database, text: string, parameters: readonly Parameter[] = []): readonly Tuple[] {
  const { statement, named } = statementOf(db, text)
  return statement.raw().all(...bound(named, parameters)) as unknown as readonly Tuple[]
}

/** The number of rows that were written. */
export function run(db: Database, text: string, parameters: readonly unknown[] = []): number {
  const { statement, named } = statementOf(db, text)
  return statement.run(...bound(named, parameters)).changes
}
