// Resend: sends the same link or a new one, renews the expiry, and makes an expired invite pending again.
import { idOf } from '../actor.ts'
import type { Command } from '../command.ts'
import type { DomainEvent, InviteEvent, Send } from '../event.ts'
import { evolveAll } from '../evolve.ts'
import { type InviteRecord, statusAt } from '../invite.ts'
import { refuseInviter, refusePending, refuseResendTooSoon, refuseSends } from '../limits.ts'
import { reject } from '../rejection.ts'
import { nextReminder } from '../reminders.ts'
import { holdersOf, isLive, type OrganizationState } from '../state.ts'
import { accept, checkTransition, type Decision, inviterOf, isRejected, type Rules, refuseRole, sendsTo } from './decision.ts'

type Resend = Extract<Command, { type: 'resend' }>
type ResendTerms = Pick<Resend, 'actor' | 'rotate' | 'channels' | 'lifetime'>

export function decideResend(state: OrganizationState, command: Resend, rules: Rules): Decision {
  const invite = state.invites.get(command.id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, command.actor, invite.role)
  if (forbidden) return forbidden
  return checkTransition(invite, 'resend', state) ?? resendNow(state, invite, command, rules)
}

/** Checks duplicates and limits, for callers that have checked authority and state; then the events. */
export function resendNow(state: OrganizationState, invite: InviteRecord, terms: ResendTerms, rules: Rules): Decision {
  const recipient = invite.kind === 'personal' ? invite.recipient : null
  const sends = sendsTo(recipient, terms.channels, rules)
  if (isRejected(sends)) return sends

  const holders = recipient === null ? [] : holdersOf(state, recipient, invite.id)
  const newer = holders.find(other => isLive(other, state.now))
  if (newer) return reject('already_invited', { existingId: newer.id })
  const events: DomainEvent[] = holders.map(other => expired(other, state.now))
  if (invite.status === 'pending' && !isLive(invite, state.now)) events.push(expired(invite, state.now))
  const revives = statusAt(invite, state.now) === 'expired'
  const refused =
    refuseResendTooSoon(invite.sentAt, rules.limits, state.now) ??
    refuseInviter(state, rules.limits, idOf(terms.actor)) ??
    refuseSends(state, rules.limits, sends) ??
    (revives ? refusePending(evolveAll(state, events), rules.limits) : null)
  if (refused) return refused
  events.push(resent(invite, terms, sends, state.now, rules))
  return accept(events, { inviteId: invite.id })
}

/** A token whose key the host no longer has is replaced by a new one, whether the caller asked for that or not. */
function resent(invite: InviteRecord, terms: ResendTerms, sends: readonly Send[], at: Date, rules: Rules): InviteEvent {
  const rotate = terms.rotate || !rules.knowsKey(invite.keyId)
  const generation = rotate ? invite.generation + 1 : invite.generation
  const lifetime = terms.lifetime === undefined ? invite.lifetime : terms.lifetime
  const expiresAt = lifetime === null ? null : new Date(at.getTime() + lifetime)
  const sentAt = sends.length === 0 ? invite.sentAt : at
  return {
    type: 'invite.resent',
    inviteId: invite.id,
    at,
    actorId: idOf(terms.actor),
    sends,
    lifetime,
    expiresAt,
    generation,
    keyId: rotate ? rules.keyId : invite.keyId,
    codeHash: invite.codeHash !== null && rotate ? rules.codeHashOf(invite.id, generation) : invite.codeHash,
    inviter: inviterOf(terms.actor),
    remindAt: nextReminder(rules.reminders, { sentAt, expiresAt }, at),
  }
}

export const expired = (invite: InviteRecord, at: Date): InviteEvent => ({
  type: 'invite.expired',
  inviteId: invite.id,
  at,
  actorId: null,
})
