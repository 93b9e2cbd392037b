// Translates errors of Postgres and its drivers into those of the port: conflict, unavailable, not migrated.
import { isGivenUp } from '../connectors/deadline.ts'
import { codeOf, isObject, migrateFirst, storageError } from '../sql/errors.ts'

/** A concurrent writer won, so the decision must be made again. */
export const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(codeOf(error) ?? '')
export const isDuplicate = (error: unknown): boolean => codeOf(error) === '23505'

const unavailable: Readonly<Record<string, string>> = {
  '55P03': 'a lock was not free in time; a call inside your own transaction must be given its `tx`',
  '57014': 'the statement took too long',
  '25006': 'the database is read-only',
  '26000': 'prepared statements are lost between here and the database: set `prepare: false`',
  '42P05': 'prepared statements are mixed up between here and the database: set `prepare: false`',
}
const network = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/
/** Messages of node-postgres, its pool, Knex and Kysely for errors without a code. */
const words =
  /timeout exceeded when trying to connect|Timeout acquiring a connection|Unable to acquire a connection|Connection terminated|Query read timeout|not queryable|Cannot use a pool after calling end|driver has already been destroyed/

/**
 * The connection was lost or given up after the statement may have reached the server, so its outcome is unknown. A
 * connection that was refused, or that the client knows to be closed, has sent nothing.
 */
export function isLost(error: unknown): boolean {
  if (isGivenUp(error)) return true
  const message = messageOf(error)
  if (/not queryable|trying to connect|connection timeout/.test(message)) return false
  if (/^(08(000|003|006|007)|57P0[12]|40003|ECONNRESET|EPIPE|ETIMEDOUT)/.test(codeOf(error) ?? '')) return true
  return /Connection terminated|Query read timeout|closed the connection/.test(message)
}

/** The error to throw: `unavailable` or `not_migrated` where the code means that, otherwise the error itself. */
export function explained(error: unknown): unknown {
  const code = codeOf(error) ?? ''
  if (code === '42P01' || code === '42703' || code === '3F000')
    return storageError('not_migrated', `a table or column is missing: ${migrateFirst}`, error)
  const reason = unavailable[code]
  if (reason !== undefined) return storageError('unavailable', reason, error)
  if (/^(08(?!P)|53|57P)/.test(code) || network.test(code) || words.test(messageOf(error))) {
    return storageError('unavailable', 'the database does not answer', error)
  }
  return code === '22012'
    ? new Error('the rows that were written are not those that were decided; nothing was written', { cause: error })
    : error
}

/** What the innermost cause says: query builders wrap the driver's error, some with the parameters in their message. */
function messageOf(error: unknown, depth = 0): string {
  if (!isObject(error)) return ''
  if (isObject(error['cause']) && depth < 4) return messageOf(error['cause'], depth + 1)
  return typeof error['message'] === 'string' ? error['message'] : ''
}
