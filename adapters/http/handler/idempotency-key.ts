// Reads the Idempotency-Key header. A key counts for one route: the same key on another route is another key.
import { createHash } from 'node:crypto'
import type { Incoming } from './message.ts'
import { refuse } from './refusal.ts'
import type { Route } from './route.ts'

/** The key for the library, or undefined without a header. Quoted or not: draft-ietf-httpapi-idempotency-key-header. */
export function idempotencyKey(
  { method, path }: Pick<Route, 'method' | 'path'>,
  headers: Incoming['headers'],
): string | undefined {
  const header = headers.get('idempotency-key')
  if (header === null) return undefined
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim()
  // Hashed: with method and path in front, a long key would exceed the length that the library takes.
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return `${method} ${path} ${createHash('sha256').update(key).digest('base64url')}`
  const errors = [{ path: [], detail: 'the Idempotency-Key header must have 1 to 255 printable ASCII characters' }]
  throw refuse({ code: 'invalid_input', detail: 'The Idempotency-Key is not valid.', errors })
}
