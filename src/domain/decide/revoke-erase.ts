// Revoke, and erase: deleting the personal data of an invite.
import { type Actor, idOf } from '../actor.ts'
import type { Addresses, Command } from '../command.ts'
import type { DomainEvent, InviteEvent, MemberEvent } from '../event.ts'
import type { InviteRecord } from '../invite.ts'
import { reject } from '../rejection.ts'
import { membersAt, type OrganizationState } from '../state.ts'
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

/**
 * Revokes the invite first if it is pending or expired: a resend could otherwise send it without a recipient. Erasing again
 * writes nothing.
 */
export function decideErase(state: OrganizationState, { id, actor, address }: Erase, rules: Rules): Decision {
  const invite = state.invites.get(id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, actor, invite.role)
  if (forbidden) return forbidden
  const members = address === undefined ? [] : forgotten(state, address)
  if (checkTransition(invite, 'erase', state) !== null || invite.erasedAt !== null) return accept(members, { inviteId: id })
  const isRevocable = invite.status === 'pending' || invite.status === 'expired'
  const events: DomainEvent[] = [...members, ...(isRevocable ? [revoked(invite, actor, null, state.now)] : [])]
  events.push({ type: 'invite.erased', inviteId: id, at: state.now, actorId: idOf(actor) })
  return accept(events, { inviteId: id })
}

/** Removes the address from members who have it, and from removed members who had it. They keep their role. */
export const forgotten = (state: OrganizationState, address: Addresses): MemberEvent[] =>
  membersAt(state, address).map(member => ({
    type: 'member.changed',
    member: { ...member, emailKey: null, phoneKey: null },
    at: state.now,
  }))
