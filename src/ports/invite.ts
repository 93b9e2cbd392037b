// The invite as callers, events and the wire see it: no secret, no private field.
import type { JsonObject } from '../domain/invite.ts'
import type { DeliveryStatus } from './storage/outbox.ts'

/** Where a personal invite goes, as typed; everything is null after `erase`. */
export interface Recipient {
  readonly email: string | null
  readonly phone: string | null
  readonly fullName: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  /** A BCP 47 tag such as `pt-BR`. */
  readonly locale: string | null
}

/** One effort to put an invite in front of its recipient. */
export interface Delivery {
  readonly id: string
  readonly channel: string
  readonly status: DeliveryStatus
  /** `expired`: the notice to the inviter that nobody answered. The others went to the recipient. */
  readonly reason: 'created' | 'resent' | 'reminder' | 'expired'
  /** Our words and a status code. */
  readonly failure: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  /** When the provider took it. */
  readonly sentAt: Date | null
}

interface Common<Role extends string, Metadata> {
  /** UUIDv7. */
  readonly id: string
  readonly organizationId: string
  readonly role: Role
  readonly inviterId: string | null
  /** The role of the inviter on that day. */
  readonly inviterRole: string | null
  /** A UUID for the person to come, allotted when the invite was made. */
  readonly inviteeId: string
  readonly externalId: string | null
  readonly templateId: string | null
  readonly metadata: Metadata
  readonly channels: readonly string[]
  readonly useCount: number
  readonly createdAt: Date
  readonly updatedAt: Date
  /** `null` = never. */
  readonly expiresAt: Date | null
  /** When the last send was committed. */
  readonly sentAt: Date | null
  readonly sendCount: number
  /** When a human first went on from the link. */
  readonly openedAt: Date | null
  /** Newest last: all of them in lists and `get`, in the answer of a call those that it queued; empty in events. */
  readonly deliveries: readonly Delivery[]
}

type Kinds =
  | { readonly kind: 'personal'; readonly recipient: Recipient }
  | { readonly kind: 'open'; readonly recipient: null; readonly maxUses: number | null }

type Standings =
  | { readonly status: 'pending' }
  | { readonly status: 'expired' }
  | {
      readonly status: 'accepted'
      readonly acceptedAt: Date
      /** The host's user; null on an open invite, whose `useCount` says how many. */
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
export type Invite<Role extends string = string, Metadata = JsonObject> = Common<Role, Metadata> & Kinds & Standings
