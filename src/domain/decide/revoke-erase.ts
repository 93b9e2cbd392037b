// Taking an invite back, and forgetting the person that it was for.
import { type Actor, idOf } from '../actor.ts'
import type { Addresses, Command } from '../command.ts'
import type { DomainEvent, InviteEvent, MemberEvent } from '../event.ts'
import type { InviteRecord } from '../invite.ts'
import { reject } from '../rejection.ts'
import { everybodyAt, type OrganizationState } from '../state.ts'
import { accept, checkTransition, type Decision, type Rules, refuseRole } from './decision.ts'

type Revoke = Extract<Command, { type: 'revoke' }>
type Erase = Extract<Command, { type: 'erase' }>

export function decideRevoke(state: OrganizationState, command: Revoke, rules: Rules): Decision {
  const { id, actor, reason } = command
  const invite = state.invites.get(id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, actor, invite.role)
  if (forbidden) return forbidden
  return checkTransition(invite, 'revoke', state) ?? accept([revoked(invite, actor, reason, state.now)], { inviteId: id })
}

const revoked = (invite: InviteRecord, actor: Actor, reason: string | null, at: Date): InviteEvent => ({
  type: 'invite.revoked',
  inviteId: invite.id,
  at,
  actorId: idOf(actor),
  reason,
})

/** Revoked first if a resend could still bring it back, addressed to nobody; once erased, a repeat writes nothing. */
export function decideErase(state: OrganizationState, { id, actor, address }: Erase, rules: Rules): Decision {
  const invite = state.invites.get(id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, actor, invite.role)
  if (forbidden) return forbidden
  const members = address === undefined ? [] : forgotten(state, address)
  if (checkTransition(invite, 'erase', state) !== null || invite.erasedAt !== null) return accept(members, { inviteId: id })
  const waits = invite.status === 'pending' || invite.status === 'expired'
  const events: DomainEvent[] = [...members, ...(waits ? [revoked(invite, actor, null, state.now)] : [])]
  events.push({ type: 'invite.erased', inviteId: id, at: state.now, actorId: idOf(actor) })
  return accept(events, { inviteId: id })
}

/** Whoever has the address, or had it when they left, loses it and stays what they are. */
export const forgotten = (state: OrganizationState, address: Addresses): MemberEvent[] =>
  everybodyAt(state, address).map(member => ({
    type: 'member.changed',
    member: { ...member, emailKey: null, phoneKey: null },
    at: state.now,
  }))
