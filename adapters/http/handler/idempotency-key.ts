// The Idempotency-Key header: one opaque word from the client, bound to the route that it was sent to.
import { createHash } from 'node:crypto'
import type { Incoming } from './message.ts'
import { refuse } from './refusal.ts'
import type { Route } from './route.ts'

/** The key for the use cases, or undefined without one. Bare or quoted: draft-ietf-httpapi-idempotency-key-header. */
export function idempotencyKey(
  { method, path }: Pick<Route, 'method' | 'path'>,
  headers: Incoming['headers'],
): string | undefined {
  const header = headers.get('idempotency-key')
  if (header === null) return undefined
  const key = /^"(.*)"$/.exec(header.trim())?.[1] ?? header.trim()
  // Digested, because a key may be as long as all that the use cases take.
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return `${method} ${path} ${createHash('sha256').update(key).digest('base64url')}`
  const errors = [{ path: [], detail: 'the Idempotency-Key header must have 1 to 255 printable ASCII characters' }]
  throw refuse({ code: 'invalid_input', detail: 'The Idempotency-Key is not valid.', errors })
}
