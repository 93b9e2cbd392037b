// The rows that a commit writes besides the invites: history, outbox messages, members. For authors of a storage.
import type { InviteEventType } from '../../domain/event.ts'
import type { InviteId, InviteStatus, JsonObject } from '../../domain/invite.ts'
import type { MemberFact } from '../../domain/state.ts'

/** One event of an invite's history. For authors of a storage. */
export interface EventRow {
  readonly id: string
  readonly organizationId: string
  readonly inviteId: InviteId
  readonly type: InviteEventType
  readonly at: Date
  readonly actorId: string | null
  readonly previousStatus: InviteStatus | null
  /** The invite after the event, in its public JSON form: without secrets. */
  readonly data: JsonObject
}

/** An outbox message. `target` is the channel of a delivery, or the sink of an event. For authors of a storage. */
export interface MessageRow {
  readonly id: string
  readonly kind: 'delivery' | 'event'
  readonly target: string
  readonly organizationId: string
  readonly inviteId: InviteId
  readonly generation: number
  /** Of a delivery: `expired` is the notice to the inviter, the others go to the recipient. Null for an event. */
  readonly reason: 'created' | 'resent' | 'reminder' | 'expired' | null
  /** The event to publish; null for a delivery. */
  readonly eventId: string | null
  readonly addressHash: string | null
  readonly createdAt: Date
}

/** A delivery to the recipient of the invite. For authors of a storage. */
export interface ToRecipient extends MessageRow {
  readonly reason: Exclude<MessageRow['reason'], 'expired'>
}

/** A row of the built-in member table. For authors of a storage. */
export interface MemberRow extends MemberFact {
  readonly at: Date
}
