// Taking an invite back, and forgetting the person that it was for.
import { type Doer, idOf } from '../actor.ts'
import type { Addresses, Command } from '../command.ts'
import type { DomainEvent, InviteEvent, MemberEvent } from '../event.ts'
import type { InviteRecord } from '../invite.ts'
import { reject } from '../rejection.ts'
import { everybodyAt, type Slice } from '../state.ts'
import { accept, type Decision, type Rules, refuseRole, settled } from './decision.ts'

type Revoke = Extract<Command, { type: 'revoke' }>
type Erase = Extract<Command, { type: 'erase' }>

export function decideRevoke(slice: Slice, command: Revoke, rules: Rules): Decision {
  const { id, doer, reason } = command
  const invite = slice.invites.get(id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, doer, invite.role)
  if (forbidden) return forbidden
  return settled(invite, 'revoke', slice) ?? accept([revoked(invite, doer, reason, slice.now)], { inviteId: id })
}

const revoked = (invite: InviteRecord, doer: Doer, reason: string | null, at: Date): InviteEvent => ({
  type: 'invite.revoked',
  inviteId: invite.id,
  at,
  actorId: idOf(doer),
  reason,
})

/** Revoked first if a resend could still bring it back, addressed to nobody; once erased, a repeat writes nothing. */
export function decideErase(slice: Slice, { id, doer, address }: Erase, rules: Rules): Decision {
  const invite = slice.invites.get(id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, doer, invite.role)
  if (forbidden) return forbidden
  const members = address === undefined ? [] : forgotten(slice, address)
  if (settled(invite, 'erase', slice) !== null || invite.erasedAt !== null) return accept(members, { inviteId: id })
  const waits = invite.status === 'pending' || invite.status === 'expired'
  const events: DomainEvent[] = [...members, ...(waits ? [revoked(invite, doer, null, slice.now)] : [])]
  events.push({ type: 'invite.erased', inviteId: id, at: slice.now, actorId: idOf(doer) })
  return accept(events, { inviteId: id })
}

/** Whoever has the address, or had it when they left, loses it and stays what they are. */
export const forgotten = (slice: Slice, address: Addresses): MemberEvent[] =>
  everybodyAt(slice, address).map(member => ({
    type: 'member.changed',
    member: { ...member, emailKey: null, phoneKey: null },
    at: slice.now,
  }))
