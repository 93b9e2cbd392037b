// Sending again: the same link or a new one, the expiry renewed, an expired invite pending again.
import { idOf } from '../actor.ts'
import type { Command } from '../command.ts'
import type { DomainEvent, InviteEvent, Send } from '../event.ts'
import { evolveAll } from '../evolve.ts'
import { type InviteRecord, statusAt } from '../invite.ts'
import { refuseHaste, refuseInviter, refusePending, refuseSends } from '../limits.ts'
import { reject } from '../rejection.ts'
import { nextReminder } from '../reminders.ts'
import { holdersOf, isLive, type OrganizationState } from '../state.ts'
import { accept, checkTransition, type Decision, inviterOf, isRejected, type Rules, refuseRole, sendsTo } from './decision.ts'

type Resend = Extract<Command, { type: 'resend' }>
type How = Pick<Resend, 'actor' | 'rotate' | 'channels' | 'lifetime'>

export function decideResend(state: OrganizationState, command: Resend, rules: Rules): Decision {
  const invite = state.invites.get(command.id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, command.actor, invite.role)
  if (forbidden) return forbidden
  return checkTransition(invite, 'resend', state) ?? resendNow(state, invite, command, rules)
}

/** After authority and state: duplicates and limits, then the events. */
export function resendNow(state: OrganizationState, invite: InviteRecord, how: How, rules: Rules): Decision {
  const recipient = invite.kind === 'personal' ? invite.recipient : null
  const sends = sendsTo(recipient, how.channels, rules)
  if (isRejected(sends)) return sends

  const holders = recipient === null ? [] : holdersOf(state, recipient, invite.id)
  const newer = holders.find(other => isLive(other, state.now))
  if (newer) return reject('already_invited', { existingId: newer.id })
  const events: DomainEvent[] = holders.map(other => expired(other, state.now))
  if (invite.status === 'pending' && !isLive(invite, state.now)) events.push(expired(invite, state.now))
  const back = statusAt(invite, state.now) === 'expired'
  const refused =
    refuseHaste(invite.sentAt, rules.limits, state.now) ??
    refuseInviter(state, rules.limits, idOf(how.actor)) ??
    refuseSends(state, rules.limits, sends) ??
    (back ? refusePending(evolveAll(state, events), rules.limits) : null)
  if (refused) return refused
  events.push(resent(invite, how, sends, state.now, rules))
  return accept(events, { inviteId: invite.id })
}

/** A key that the host has dropped signs nothing any more: then the token is a new one in any case. */
function resent(invite: InviteRecord, how: How, sends: readonly Send[], at: Date, rules: Rules): InviteEvent {
  const rotate = how.rotate || !rules.knowsKey(invite.keyId)
  const generation = rotate ? invite.generation + 1 : invite.generation
  const lifetime = how.lifetime === undefined ? invite.lifetime : how.lifetime
  const expiresAt = lifetime === null ? null : new Date(at.getTime() + lifetime)
  const sentAt = sends.length === 0 ? invite.sentAt : at
  return {
    type: 'invite.resent',
    inviteId: invite.id,
    at,
    actorId: idOf(how.actor),
    sends,
    lifetime,
    expiresAt,
    generation,
    keyId: rotate ? rules.keyId : invite.keyId,
    codeHash: invite.codeHash !== null && rotate ? rules.codeHashOf(invite.id, generation) : invite.codeHash,
    inviter: inviterOf(how.actor),
    remindAt: nextReminder(rules.reminders, { sentAt, expiresAt }, at),
  }
}

export const expired = (invite: InviteRecord, at: Date): InviteEvent => ({
  type: 'invite.expired',
  inviteId: invite.id,
  at,
  actorId: null,
})
