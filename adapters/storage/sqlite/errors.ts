// Translates SQLite's errors into those of the port.
import { codeOf, isObject, migrateFirst, storageError } from '../sql/errors.ts'

export const isBusy = (error: unknown): boolean =>
  /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error) ?? '') ||
  // The host is iterating `statement.iterate()` on the same connection.
  (error instanceof TypeError && /connection is busy/.test(error.message))

/** A unique index or primary key refused the row: the decision was made on stale facts. */
export const isDuplicate = (error: unknown): boolean => /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(codeOf(error) ?? '')

export function explained(error: unknown): unknown {
  const code = codeOf(error) ?? ''
  const message = isObject(error) && typeof error['message'] === 'string' ? error['message'] : ''
  if (code === 'SQLITE_ERROR' && /^no such (table|column)/.test(message)) {
    return storageError('not_migrated', `a table or column is missing: ${migrateFirst}`, error)
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return storageError('unavailable', 'another connection is writing', error)
  if (/^SQLITE_READONLY/.test(code)) return storageError('unavailable', 'the database is read-only', error)
  if (/^SQLITE_(CANTOPEN|FULL|IOERR|NOTADB|CORRUPT)/.test(code))
    return storageError('unavailable', 'the database file cannot be used', error)
  if (/directory does not exist/.test(message)) return storageError('unavailable', 'its directory does not exist', error)
  return /database connection is not open/.test(message) ? storageError('unavailable', 'the database is closed', error) : error
}
