// The invite as it is stored: its fields, its kind, its status; and whether it is past its expiry.
import type { EmailKey, PhoneKey } from './address.ts'

export type InviteId = string & { readonly __brand: 'InviteId' }
export type InviteStatus = 'pending' | 'accepted' | 'declined' | 'revoked' | 'expired'
/** Any JSON value that `JSON.stringify` writes and `JSON.parse` gives back unchanged. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }
export type JsonObject = { readonly [key: string]: Json }

/** To whom a personal invite goes. `email` and `phone` are as typed; the keys are normalised, for comparing. */
export interface RecipientRecord {
  readonly email: string | null
  readonly emailKey: EmailKey | null
  readonly phone: string | null
  readonly phoneKey: PhoneKey | null
  readonly fullName: string | null
  readonly firstName: string | null
  readonly lastName: string | null
  readonly locale: string | null
}

/** A recipient with nothing in it: what remains of one after `erase`. */
export const nobody: RecipientRecord = {
  email: null,
  emailKey: null,
  phone: null,
  phoneKey: null,
  fullName: null,
  firstName: null,
  lastName: null,
  locale: null,
}

/** What the inviter chose. The object goes from the input through the command into the record as a whole. */
export interface InviteTerms {
  readonly role: string
  /** Milliseconds that a resend renews the expiry by; `null` = never expires. */
  readonly lifetime: number | null
  readonly externalId: string | null
  readonly templateId: string | null
  readonly template: JsonObject | null
  readonly metadata: JsonObject
  readonly extra: JsonObject
  readonly linkPattern: string | null
}

/** The fields that every invite has, whatever its kind and status. */
export interface InviteFields extends InviteTerms {
  readonly id: InviteId
  readonly organizationId: string
  readonly inviterId: string | null
  readonly inviterRole: string | null
  readonly inviterName: string | null
  readonly inviteeId: string
  readonly channels: readonly string[]
  /** Which of the host's keys signs this invite's token and code. */
  readonly keyId: string
  /** Counts up with each rotated link; a token of an older generation is not valid. */
  readonly generation: number
  /** Keyed hash of the code, by which it is looked up; null = the invite has no code. */
  readonly codeHash: string | null
  readonly useCount: number
  readonly createdAt: Date
  readonly updatedAt: Date
  /** `null` = never. */
  readonly expiresAt: Date | null
  readonly sentAt: Date | null
  readonly sendCount: number
  readonly openedAt: Date | null
  /** When the next reminder is due; null = none. Only pending invites have one. */
  readonly remindAt: Date | null
  readonly erasedAt: Date | null
}

export type Kind =
  | { readonly kind: 'personal'; readonly recipient: RecipientRecord }
  | { readonly kind: 'open'; readonly maxUses: number | null }

/** A field exists only in the statuses that have it. `acceptedBy` is null on an open invite: each acceptance is a `Use`. */
export type StatusFields =
  | { readonly status: 'pending' | 'expired' }
  | { readonly status: 'accepted'; readonly acceptedAt: Date; readonly acceptedBy: string | null }
  | { readonly status: 'declined'; readonly declinedAt: Date; readonly declineReason: string | null }
  | {
      readonly status: 'revoked'
      readonly revokedAt: Date
      readonly revokedBy: string | null
      readonly revokeReason: string | null
    }

/** An invite as it is stored: everything, private fields included. */
export type InviteRecord = InviteFields & Kind & StatusFields

/** One acceptance of an open invite. */
export interface Use {
  readonly inviteId: InviteId
  readonly userId: string
  readonly at: Date
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The id, or null when the text is no lower-case UUID: such an invite cannot exist. */
export const toInviteId = (text: string): InviteId | null => (uuid.test(text) ? (text as InviteId) : null)

/** A pending invite counts as expired once `now` reaches `expiresAt`, whatever the row says. */
export const statusAt = (invite: InviteRecord, now: Date): InviteStatus =>
  invite.status === 'pending' && isPast(invite, now) ? 'expired' : invite.status

export const isPast = (invite: InviteRecord, now: Date): boolean =>
  invite.expiresAt !== null && now.getTime() >= invite.expiresAt.getTime()
