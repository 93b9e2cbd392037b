// The public invite, as calls, events and the wire show it: without secrets and private fields.
import type { JsonObject } from '../domain/invite.ts'
import type { DeliveryStatus } from './storage/outbox.ts'

/** To whom a personal invite goes, as typed. Every field is null after `erase`. */
export interface Recipient {
  readonly email: string | null
  readonly phone: string | null
  readonly fullName: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  /** A BCP 47 tag such as `pt-BR`. */
  readonly locale: string | null
}

/** One message for an invite on one channel, with its status. */
export interface Delivery {
  readonly id: string
  /** The transport's name: `email`, `sms`, or one of your own. */
  readonly channel: string
  readonly status: DeliveryStatus
  /** Why it was sent. `expired` is the notice to the inviter; the others go to the recipient. */
  readonly reason: 'created' | 'resent' | 'reminder' | 'expired'
  /** Why it failed or was suppressed, with a status code; never the provider's own text. Null otherwise. */
  readonly failure: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  /** When the provider accepted it; null before that. */
  readonly sentAt: Date | null
}

interface Common<Role extends string, Metadata> {
  /** UUIDv7. */
  readonly id: string
  readonly organizationId: string
  readonly role: Role
  /** The user who made the invite, or last resent it or changed its role; null for `'system'` and API keys. */
  readonly inviterId: string | null
  /** The inviter's role when they made the invite. */
  readonly inviterRole: string | null
  /** A UUID for the invited person, allotted when the invite is made. You may use it as the id of the new user. */
  readonly inviteeId: string
  /** Your own id for the invite; null when it has none, or after `erase`. */
  readonly externalId: string | null
  /** The stored template that it names; null: the default templates. */
  readonly templateId: string | null
  /** Your own JSON; `{}` when none was given, or after `erase`. */
  readonly metadata: Metadata
  /** The channels of the last send; empty when it was never sent. */
  readonly channels: readonly string[]
  /** How often it was accepted: at most 1 for a personal invite. */
  readonly useCount: number
  readonly createdAt: Date
  /** When the invite last changed. */
  readonly updatedAt: Date
  /** `null` = never expires. */
  readonly expiresAt: Date | null
  /** When the last send was committed; null when it was never sent. A delivery's own `sentAt` is when it left. */
  readonly sentAt: Date | null
  /** How often it was sent and resent, over all channels; reminders do not count. */
  readonly sendCount: number
  /** When the invitee first continued from the landing page (`open`); null before that. */
  readonly openedAt: Date | null
  /** Newest last. `get` and lists have all of them, the answer of a call those that it queued, events none. */
  readonly deliveries: readonly Delivery[]
}

type Kinds =
  | { readonly kind: 'personal'; readonly recipient: Recipient }
  | {
      readonly kind: 'open'
      readonly recipient: null
      /** `null` = no end. */
      readonly maxUses: number | null
    }

type Statuses =
  | { readonly status: 'pending' }
  | { readonly status: 'expired' }
  | {
      readonly status: 'accepted'
      readonly acceptedAt: Date
      /** The user who accepted; null on an open invite, which may have several. */
      readonly acceptedBy: string | null
    }
  | { readonly status: 'declined'; readonly declinedAt: Date; readonly declineReason: string | null }
  | {
      readonly status: 'revoked'
      readonly revokedAt: Date
      readonly revokedBy: string | null
      readonly revokeReason: string | null
    }

/** An offer to join one organization at one role. `status` and `kind` tell which further fields it has. */
export type Invite<Role extends string = string, Metadata = JsonObject> = Common<Role, Metadata> & Kinds & Statuses
