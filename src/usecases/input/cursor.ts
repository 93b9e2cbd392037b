// A cursor that a caller brings back: of this very list, or `invalid_cursor`.
import { type CursorValue, readCursor } from '../../domain/cursor.ts'
import type { Keyring } from '../../domain/token.ts'
import { fail } from '../error.ts'

export function cursorFrom(keys: Keyring, scope: unknown, cursor: string): CursorValue {
  const value = readCursor(keys, scope, cursor)
  if (value === null) throw fail('invalid_cursor', {})
  return value
}
