// Errors of storages, and the code of a database error wherever a library has put it.
import { fail } from '../../../src/core.ts'

export const storageError = (code: 'unavailable' | 'not_migrated', message: string, cause?: unknown): Error =>
  fail(code, {}, message, cause)

export const migrateFirst = 'run `await invites.migrate()`'

/** The first `code` in the error, in its causes, and where query builders and ORMs put the driver's error. */
export function codeOf(error: unknown, depth = 0): string | null {
  if (!isObject(error) || depth > 4) return null
  const meta = isObject(error['meta']) ? error['meta']['code'] : undefined
  if (typeof meta === 'string') return meta
  const code = error['code']
  if (typeof code === 'string' && !/^P\d{4}$/.test(code)) return code
  return codeOf(error['cause'] ?? error['original'] ?? error['driverError'], depth + 1)
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
