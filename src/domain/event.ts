// Events: what happened to an invite or a member, each with what `evolve` needs to compute the next state.
import type { InviteId, InviteRecord, JsonObject, RecipientRecord } from './invite.ts'
import type { MemberFact } from './state.ts'

/** One message to send after commit. `addressHash` is a keyed hash of the address that it goes to. */
export interface Send {
  readonly channel: string
  readonly addressHash: string
}

export interface Inviter {
  readonly inviterId: string | null
  readonly inviterRole: string | null
  readonly inviterName: string | null
}

/** The fields that an update may set. An absent field stays as it is. */
export interface Changes {
  readonly role?: string
  readonly expiresAt?: Date | null
  readonly lifetime?: number | null
  readonly metadata?: JsonObject
  readonly extra?: JsonObject
  readonly names?: Pick<RecipientRecord, 'fullName' | 'firstName' | 'lastName' | 'locale'>
}

interface Fact {
  readonly inviteId: InviteId
  readonly at: Date
  /** The user who did it; null for the system, an API key, or somebody who only holds the token. */
  readonly actorId: string | null
}

export type InviteEvent = Fact &
  (
    | { readonly type: 'invite.created'; readonly invite: InviteRecord; readonly sends: readonly Send[] }
    | {
        readonly type: 'invite.resent'
        readonly sends: readonly Send[]
        readonly expiresAt: Date | null
        readonly lifetime: number | null
        readonly generation: number
        readonly keyId: string
        readonly codeHash: string | null
        readonly inviter: Inviter | null
        readonly remindAt: Date | null
      }
    | {
        readonly type: 'invite.updated'
        readonly changes: Changes
        readonly inviter: Inviter | null
        readonly remindAt: Date | null
      }
    | { readonly type: 'invite.opened' }
    | { readonly type: 'invite.accepted'; readonly userId: string; readonly member: MemberFact }
    | { readonly type: 'invite.declined'; readonly reason: string | null }
    | { readonly type: 'invite.revoked'; readonly reason: string | null }
    | { readonly type: 'invite.expired' }
    | { readonly type: 'invite.renewal_requested' }
    | { readonly type: 'invite.erased' }
  )

/** A message is due. Not part of the history, which has `invite.sent` for a sent reminder, and `invite.expired`. */
export type MessageEvent = Fact &
  (
    | { readonly type: 'reminder.due'; readonly sends: readonly Send[]; readonly remindAt: Date | null }
    /** Tells the inviter that the invite expired unanswered. */
    | { readonly type: 'notice.due'; readonly channel: string }
  )

/** A change of the built-in member table. Not part of any invite's history. */
export type MemberEvent =
  | { readonly type: 'member.added'; readonly member: MemberFact; readonly at: Date }
  | { readonly type: 'member.changed'; readonly member: MemberFact; readonly at: Date }
  | { readonly type: 'member.removed'; readonly member: MemberFact; readonly at: Date }

export type DomainEvent = InviteEvent | MessageEvent | MemberEvent

export const isInviteEvent = (event: DomainEvent): event is InviteEvent => event.type.startsWith('invite.')

/** Every type that an invite's history can have. `sent` and `delivery_failed` are written by the relay, not by a decision. */
export const inviteEventTypes = [
  'invite.created',
  'invite.sent',
  'invite.delivery_failed',
  'invite.resent',
  'invite.updated',
  'invite.opened',
  'invite.accepted',
  'invite.declined',
  'invite.revoked',
  'invite.expired',
  'invite.renewal_requested',
  'invite.erased',
] as const satisfies readonly (InviteEvent['type'] | 'invite.sent' | 'invite.delivery_failed')[]

export type InviteEventType = (typeof inviteEventTypes)[number]
