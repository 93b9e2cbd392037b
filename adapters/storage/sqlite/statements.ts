// Prepared statements of a connection, kept as long as it lives.
import type { Database, Statement } from 'better-sqlite3'
import type { Parameter, RawRow, Tuple } from '../sql/dialect.ts'

const prepared = new WeakMap<Database, Map<string, Statement<unknown[], RawRow>>>()
/** Lists come in many shapes; past the bound they are prepared anew. */
const most = 300

function statementOf(db: Database, text: string): Statement<unknown[], RawRow> {
  const known = prepared.get(db) ?? new Map<string, Statement<unknown[], RawRow>>()
  prepared.set(db, known)
  const found = known.get(text)
  if (found) return found
  // The host's connection may be set to give every integer as a bigint.
  const statement = db.prepare<unknown[], RawRow>(text).safeIntegers(false)
  if (known.size < most) known.set(text, statement)
  return statement
}

/** `$1` and its like are names to SQLite; Kysely's `?` are places. */
const bound = (text: string, parameters: readonly unknown[]): unknown[] =>
  parameters.length > 0 && /\$1\b/.test(text)
    ? [Object.fromEntries(parameters.map((value, index) => [index + 1, value]))]
    : [...parameters]

export const all = (db: Database, text: string, parameters: readonly Parameter[] = []): readonly RawRow[] =>
  statementOf(db, text).all(...bound(text, parameters))

/** Rows as their values in order. A text that is read so is read so always. */
export const tuples = (db: Database, text: string, parameters: readonly Parameter[] = []): readonly Tuple[] =>
  statementOf(db, text)
    .raw()
    .all(...bound(text, parameters)) as unknown as readonly Tuple[]

/** The number of rows that were written. */
export const run = (db: Database, text: string, parameters: readonly unknown[] = []): number =>
  statementOf(db, text).run(...bound(text, parameters)).changes
