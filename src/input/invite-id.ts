// Reads an invite id from an input.

import { fail, invalid } from '../api/error.ts'
import { toInviteId } from '../domain/invite.ts'

/** The id. Throws `invite_not_found` for a text that is no UUID, because no invite can have it. */
export function inviteIdFrom(value: unknown) {
  if (typeof value !== 'string') throw invalid([{ path: 'id', detail: 'must be a string' }])
  const id = toInviteId(value)
  if (id === null) throw fail('invite_not_found', {})
  return id
}
