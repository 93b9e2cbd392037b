// What a database's error means to a use case: try later, migrate first, or somebody else was faster.
import { fail } from '../../../src/core.ts'

export const storageError = (code: 'unavailable' | 'not_migrated', message: string, cause?: unknown): Error =>
  fail(code, {}, message, cause)

export const migrateFirst = 'run `await invites.migrate()`'

/** The nearest text under `code` in the error, its causes, and where query builders and ORMs put the driver's. */
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
