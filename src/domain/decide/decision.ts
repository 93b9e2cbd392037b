// The rules that a decision goes by, the decision itself, and the checks that several commands share.
import type { Actor, Person } from '../actor.ts'
import type { AddressKind } from '../channel.ts'
import type { DomainEvent, Inviter, Send } from '../event.ts'
import type { InviteId, InviteRecord, RecipientRecord } from '../invite.ts'
import { statusAt } from '../invite.ts'
import { type Transition, verdictOf } from '../lifecycle.ts'
import type { CheckedLimits } from '../limits.ts'
import { type Rejected, reject } from '../rejection.ts'
import type { ReminderPlan } from '../reminders.ts'
import { type RoleRules, refuseGrant } from '../roles.ts'
import type { OrganizationState } from '../state.ts'

export type Acceptance = 'match' | 'session'

export interface Rules {
  readonly roles: RoleRules
  readonly limits: CheckedLimits
  readonly acceptance: Acceptance
  /** Every channel that has a transport, with the kind of address that it writes to. */
  readonly addressKinds: ReadonlyMap<string, AddressKind>
  /** The key that signs new tokens. */
  readonly keyId: string
  /** Whether the host still has this key. */
  readonly knowsKey: (keyId: string) => boolean
  readonly codeHashOf: (id: InviteId, generation: number) => string
  /** A keyed hash, so that sends to an address can be counted without storing the address. */
  readonly addressHashOf: (addressKey: string) => string
  readonly reminders: ReminderPlan
  /** The channel of expiry notices to inviters; null sends none. */
  readonly noticeChannel: string | null
}

/** What the caller is told of a command that was accepted. */
export interface Answer {
  readonly inviteId: InviteId | null
  readonly outcome?: 'created' | 'existing' | 'resent'
  readonly repeated?: boolean
  readonly member?: { readonly userId: string; readonly role: string } | null
}

export type Decision = { readonly ok: true; readonly events: readonly DomainEvent[]; readonly answer: Answer } | Rejected

export const accept = (events: readonly DomainEvent[], answer: Answer): Decision => ({ ok: true, events, answer })

/** A success that writes nothing: what was asked for has happened already. */
export const noop = (invite: InviteRecord, answer: Omit<Answer, 'inviteId'> = {}): Decision =>
  accept([], { inviteId: invite.id, ...answer })

/** Null when the actor may grant this role. The system may grant any. */
export const refuseRole = (rules: Rules, actor: Actor, role: string): Rejected | null =>
  actor === 'system' ? null : refuseGrant(rules.roles, actor.role, role)

/** What the table in lifecycle.ts says of this transition: a noop or a rejection. Null when the command's own rules decide. */
export function checkTransition(
  invite: InviteRecord,
  transition: Transition,
  { now }: Pick<OrganizationState, 'now'>,
): Decision | null {
  const verdict = verdictOf(transition, statusAt(invite, now))
  switch (verdict) {
    case 'allow':
      return null
    case 'noop':
      return noop(invite)
    case 'invite_expired':
      return reject(verdict, { expiresAt: invite.expiresAt ?? invite.updatedAt })
    case 'invite_already_accepted':
      return invite.kind === 'open' && transition === 'accept'
        ? reject('uses_exhausted', { limit: invite.useCount })
        : reject(verdict, {})
    default:
      return reject(verdict, {})
  }
}

/** The actor as the invite's inviter. Null for the system, whose resend leaves the inviter as it was. */
export const inviterOf = (actor: Actor): Inviter | null =>
  actor === 'system' ? null : { inviterId: actor.userId, inviterRole: actor.role, inviterName: actor.name }

/** An invite made by the system has no inviter, so no inviter's role is checked at acceptance. */
export const noInviter: Inviter = { inviterId: null, inviterRole: null, inviterName: null }

/** The messages to send: on the requested channels, or (null) on every channel for which the recipient has an address. */
export function sendsTo(
  recipient: RecipientRecord | null,
  requested: readonly string[] | null,
  rules: Rules,
): readonly Send[] | Rejected {
  const sends: Send[] = []
  for (const channel of new Set(requested ?? rules.addressKinds.keys())) {
    const send = sendOn(channel, recipient, rules)
    if (send !== null) sends.push(send)
    else if (requested !== null) return reject('channel_unavailable', { channel })
  }
  return sends
}

/** Null when the channel has no transport, or the recipient no address for it. */
export function sendOn(
  channel: string,
  recipient: RecipientRecord | null,
  { addressKinds, addressHashOf }: Rules,
): Send | null {
  const kind = addressKinds.get(channel)
  const key = kind === undefined ? null : (recipient?.[kind === 'email' ? 'emailKey' : 'phoneKey'] ?? null)
  return key === null ? null : { channel, addressHash: addressHashOf(key) }
}

export const isRejected = (value: object): value is Rejected => 'rejection' in value

/** Somebody who only holds a token or code. */
export const anonymous: Person = { userId: null, role: null, name: null, email: null, phone: null }
