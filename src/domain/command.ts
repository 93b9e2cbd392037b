// Commands: what can be done to an invite or a member. Their input is parsed and their ids are allotted already.
import type { Actor } from './actor.ts'
import type { EmailKey, PhoneKey } from './address.ts'
import type { Changes } from './event.ts'
import type { InviteId, InviteTerms, JsonObject, RecipientRecord } from './invite.ts'

export type IfPending = 'error' | 'return' | 'resend'

/** The terms of a new invite. Null metadata: none were given, so that a resend by `ifPending` leaves the old ones. */
export type CreateTerms = Omit<InviteTerms, 'metadata'> & { readonly metadata: JsonObject | null }

export interface Create {
  readonly type: 'create'
  readonly actor: Actor
  readonly id: InviteId
  readonly inviteeId: string
  /** Null: an open invite. */
  readonly recipient: RecipientRecord | null
  /** Of an open invite; null is no end. */
  readonly maxUses: number | null
  readonly terms: CreateTerms
  readonly ifPending: IfPending
  /** The channels to send on; empty sends nothing, null is every channel for which the recipient has an address. */
  readonly channels: readonly string[] | null
  readonly withCode: boolean
}

/** How the caller named the invite. A token or code shows that they received its link or code; an id shows nothing. */
export type Proof =
  | { readonly by: 'id' }
  | { readonly by: 'code'; readonly hashes: readonly string[] }
  | { readonly by: 'token'; readonly generation: number }

export interface Addresses {
  readonly emailKey: EmailKey | null
  readonly phoneKey: PhoneKey | null
}

interface OnInvite {
  readonly id: InviteId
  readonly actor: Actor
}

export type Command =
  | Create
  | (OnInvite & { readonly type: 'accept'; readonly proof: Proof; readonly role: string | null })
  | (OnInvite & { readonly type: 'decline'; readonly proof: Proof; readonly reason: string | null })
  | (OnInvite & { readonly type: 'open'; readonly proof: Proof })
  | (OnInvite & { readonly type: 'renew'; readonly proof: Proof })
  | (OnInvite & {
      readonly type: 'resend'
      readonly rotate: boolean
      readonly channels: readonly string[] | null
      readonly lifetime: number | null | undefined
    })
  | (OnInvite & { readonly type: 'revoke'; readonly reason: string | null })
  | (OnInvite & { readonly type: 'update'; readonly changes: Omit<Changes, 'expiresAt'> })
  | (OnInvite & {
      readonly type: 'erase'
      /** When erasing by address: it is removed from built-in members who have it, too. */
      readonly address?: Addresses
    })
  | (OnInvite & { readonly type: 'expire' })
  | (OnInvite & {
      readonly type: 'remind'
      /** The channels whose last message has not failed. */
      readonly channels: readonly string[]
    })
  | MemberCommand
  /** Removes an address from the built-in members who have it; they stay members. */
  | { readonly type: 'member.forget'; readonly actor: Actor; readonly address: Addresses }

export type MemberCommand =
  | {
      readonly type: 'member.add'
      readonly actor: Actor
      readonly userId: string
      readonly role: string
      readonly emailKey: RecipientRecord['emailKey']
    }
  | { readonly type: 'member.setRole'; readonly actor: Actor; readonly userId: string; readonly role: string }
  | { readonly type: 'member.remove'; readonly actor: Actor; readonly userId: string }
