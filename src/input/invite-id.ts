// Ids of invites as callers give them.

import { fail, invalid } from '../api/error.ts'
import { toInviteId } from '../domain/invite.ts'

/** The id, or `invite_not_found`: what is no UUID cannot name an invite. */
export function inviteIdFrom(value: unknown) {
  if (typeof value !== 'string') throw invalid([{ path: 'id', detail: 'must be a string' }])
  const id = toInviteId(value)
  if (id === null) throw fail('invite_not_found', {})
  return id
}
