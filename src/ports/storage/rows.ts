// The rows that a commit writes beside the invites: history, work for the relay, members.
import type { InviteEventType } from '../../domain/event.ts'
import type { InviteId, InviteStatus, JsonObject } from '../../domain/invite.ts'
import type { MemberFact } from '../../domain/state.ts'

/** One line of an invite's history. */
export interface EventRow {
  readonly id: string
  readonly organizationId: string
  readonly inviteId: InviteId
  readonly type: InviteEventType
  readonly at: Date
  readonly actorId: string | null
  readonly previousStatus: InviteStatus | null
  /** The invite as it was then, as webhooks show it: no secret in it. */
  readonly data: JsonObject
}

/** Work for the relay. `target` is a channel for a delivery, a sink's name for an event. */
export interface MessageRow {
  readonly id: string
  readonly kind: 'delivery' | 'event'
  readonly target: string
  readonly organizationId: string
  readonly inviteId: InviteId
  readonly generation: number
  /** `expired` is the notice to the inviter, the others go to the recipient. */
  readonly reason: 'created' | 'resent' | 'reminder' | 'expired' | null
  /** The event to publish; null for a delivery. */
  readonly eventId: string | null
  readonly addressHash: string | null
  readonly createdAt: Date
}

/** A message that is for the recipient of the invite. */
export interface ToRecipient extends MessageRow {
  readonly reason: Exclude<MessageRow['reason'], 'expired'>
}

export interface MemberRow extends MemberFact {
  readonly at: Date
}
