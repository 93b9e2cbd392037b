// What every decision is made with: the rules in force, and the answer that it gives.
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
  /** Every channel that has a transport. */
  readonly addressKinds: ReadonlyMap<string, AddressKind>
  /** The key that signs now. */
  readonly keyId: string
  readonly knowsKey: (keyId: string) => boolean
  readonly codeHashOf: (id: InviteId, generation: number) => string
  /** Stands for an address in counts, so that no copy of it is kept. */
  readonly addressHashOf: (addressKey: string) => string
  readonly reminders: ReminderPlan
  /** Where inviters are told that nobody answered; null = they are not. */
  readonly noticeChannel: string | null
}

export interface Answer {
  readonly inviteId: InviteId | null
  readonly outcome?: 'created' | 'existing' | 'resent'
  readonly repeated?: boolean
  readonly member?: { readonly userId: string; readonly role: string } | null
}

export type Decision = { readonly ok: true; readonly events: readonly DomainEvent[]; readonly answer: Answer } | Rejected

export const accept = (events: readonly DomainEvent[], answer: Answer): Decision => ({ ok: true, events, answer })

/** A repeat: a success that writes nothing. */
export const noop = (invite: InviteRecord, answer: Omit<Answer, 'inviteId'> = {}): Decision =>
  accept([], { inviteId: invite.id, ...answer })

/** Null when the actor may give this role away. The system may give any. */
export const refuseRole = (rules: Rules, actor: Actor, role: string): Rejected | null =>
  actor === 'system' ? null : refuseGrant(rules.roles, actor.role, role)

/** What the table says of this transition now: a repeat, or why not. Null when the command's own rules decide. */
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

/** Who vouches for the invite from now on. The system's own resend leaves the inviter in place. */
export const inviterOf = (actor: Actor): Inviter | null =>
  actor === 'system' ? null : { inviterId: actor.userId, inviterRole: actor.role, inviterName: actor.name }

/** What the system gave, nobody vouches for: at acceptance no inviter is asked whether they may still give it. */
export const noInviter: Inviter = { inviterId: null, inviterRole: null, inviterName: null }

/** The messages to hand over: on the channels asked for, or on every one that has an address. */
export function sendsTo(
  recipient: RecipientRecord | null,
  wanted: readonly string[] | null,
  rules: Rules,
): readonly Send[] | Rejected {
  const sends: Send[] = []
  for (const channel of new Set(wanted ?? rules.addressKinds.keys())) {
    const send = sendOn(channel, recipient, rules)
    if (send !== null) sends.push(send)
    else if (wanted !== null) return reject('channel_unavailable', { channel })
  }
  return sends
}

/** Null when the channel has no transport, or the recipient no address for it. */
export function sendOn(
  channel: string,
  recipient: RecipientRecord | null,
  { addressKinds, addressHashOf: mark }: Rules,
): Send | null {
  const by = addressKinds.get(channel)
  const key = by === undefined ? null : (recipient?.[by === 'email' ? 'emailKey' : 'phoneKey'] ?? null)
  return key === null ? null : { channel, addressHash: mark(key) }
}

export const isRejected = (value: object): value is Rejected => 'rejection' in value

export const anonymous: Person = { userId: null, role: null, name: null, email: null, phone: null }
