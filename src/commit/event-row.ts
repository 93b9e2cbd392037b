// Events that no command makes, but the way of a message does: sent, delivery failed.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { EventRow } from '../ports/storage/rows.ts'
import { toInvite, toJson } from '../views/invite.ts'

interface Moment {
  readonly id: string
  readonly at: Date
}

/** A line of the invite's history, with the invite as it is. */
export const eventRow = (type: InviteEventType, invite: InviteRecord, { id, at }: Moment): EventRow => ({
  id,
  organizationId: invite.organizationId,
  inviteId: invite.id,
  type,
  at,
  actorId: null,
  previousStatus: invite.status,
  data: toJson(toInvite(invite, at)),
})
