// Cursors: opaque, signed, and bound to the list, filters, sort and organization that they were made for.
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../domain/token.ts'
import { fail } from './error.ts'

const macBytes = 12

const sign = (key: Uint8Array, scope: string, body: Uint8Array) =>
  createHmac('sha256', key).update(scope).update('\n').update(body).digest().subarray(0, macBytes)

/** `scope` is whatever the cursor must not be used beside. */
export function writeCursor(keys: Keyring, scope: unknown, value: readonly (string | number | null)[]): string {
  const body = Buffer.from(JSON.stringify(value))
  return Buffer.concat([sign(keys[0].cursor, JSON.stringify(scope), body), body]).toString('base64url')
}

/** What was written, or `invalid_cursor`. */
export function readCursor(keys: Keyring, scope: unknown, cursor: string): readonly (string | number | null)[] {
  const bytes = Buffer.from(cursor, 'base64url')
  const body = bytes.subarray(macBytes)
  const mac = bytes.subarray(0, macBytes)
  const known =
    mac.length === macBytes &&
    bytes.toString('base64url') === cursor &&
    keys.some(key => timingSafeEqual(sign(key.cursor, JSON.stringify(scope), body), mac))
  if (!known) throw fail('invalid_cursor', {})
  return JSON.parse(body.toString('utf8'))
}
