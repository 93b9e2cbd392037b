// Lists page by page: the cursor that a caller brings back, and the one that leads on.

import { fail } from '../api/error.ts'
import { type CursorValue, readCursor } from '../domain/cursor.ts'
import type { Keyring } from '../domain/token.ts'

/** The cursor of this very list, or `invalid_cursor`. */
export function cursorFrom(keys: Keyring, scope: unknown, cursor: string): CursorValue {
  const value = readCursor(keys, scope, cursor)
  if (value === null) throw fail('invalid_cursor', {})
  return value
}

/** Of `rows`, which were asked for with one more than `limit`: a row beyond the page says that there is another. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorAfter: (last: Row) => string) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { page, nextCursor: rows.length > limit && last !== undefined ? cursorAfter(last) : null }
}
