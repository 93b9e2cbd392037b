// Pagination cursors: signed, and valid only for the list, filters, sort and organization that they were made for.
import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyring } from './token.ts'

export type CursorValue = readonly (string | number | null)[]

const macBytes = 12

const sign = (key: Uint8Array, scope: unknown, body: Uint8Array) =>
  createHmac('sha256', key).update(JSON.stringify(scope)).update('\n').update(body).digest().subarray(0, macBytes)

/** `scope`: what the cursor is bound to; with another scope it is not valid. */
export function writeCursor([key]: Keyring, scope: unknown, value: CursorValue): string {
  const body = Buffer.from(JSON.stringify(value))
  return Buffer.concat([sign(key.cursor, scope, body), body]).toString('base64url')
}

/** The value in the cursor; null when it was not signed by one of the keys for this scope. */
export function readCursor(keys: Keyring, scope: unknown, cursor: string): CursorValue | null {
  const bytes = Buffer.from(cursor, 'base64url')
  const mac = bytes.subarray(0, macBytes)
  const body = bytes.subarray(macBytes)
  const isOurs =
    mac.length === macBytes &&
    bytes.toString('base64url') === cursor &&
    keys.some(key => timingSafeEqual(sign(key.cursor, scope, body), mac))
  return isOurs ? JSON.parse(body.toString('utf8')) : null
}
