// The invitee's side: accept, decline, open, ask for a new one.
import { type Doer, idOf, type Person } from '../actor.ts'
import { maskEmail, maskPhone } from '../address.ts'
import type { Command, Proof } from '../command.ts'
import type { InviteRecord } from '../invite.ts'
import { refuseSeat } from '../limits.ts'
import { type Rejected, reject } from '../rejection.ts'
import { mayGrant } from '../roles.ts'
import { memberOf, type Slice, useKey } from '../state.ts'
import { type Acceptance, accept, type Decision, type Rules, same, settled } from './decision.ts'

type On<T extends Command['type']> = Extract<Command, { type: T }>

/** The invite that this proof opens; an old token or code opens nothing. */
function proven(slice: Slice, { id, proof }: { id: InviteRecord['id']; proof: Proof }): InviteRecord | null {
  const invite = slice.invites.get(id)
  if (!invite) return null
  switch (proof.by) {
    case 'id':
      return invite
    case 'token':
      return proof.generation === invite.generation ? invite : null
    case 'code':
      return invite.codeHash !== null && proof.hashes.includes(invite.codeHash) ? invite : null
  }
}

export function decideAccept(slice: Slice, command: On<'accept'>, rules: Rules): Decision {
  const { doer } = command
  if (doer === 'system' || doer.userId === null) return reject('unauthenticated', {})
  const invite = proven(slice, command)
  if (!invite) return reject('invite_not_found', {})
  const { userId } = doer
  const before = memberOf(slice, userId)
  if (hasAccepted(slice, invite, userId)) {
    return same(invite, { repeated: true, member: before ? { userId, role: before.role } : null })
  }
  const done = refusePerson(invite, doer, command.proof, rules.acceptance) ?? settled(invite, 'accept', slice)
  if (done) return done
  if (command.role !== null && command.role !== invite.role) return reject('role_changed', { role: invite.role })
  const refused =
    refuseInviter(slice, invite, rules) ??
    (before ? reject('already_member', {}) : null) ??
    refuseSeat(slice, rules.limits, ends(invite) ? 1 : 0)
  if (refused) return refused
  const member = {
    userId,
    role: invite.role,
    emailKey: doer.email?.verified ? doer.email.key : null,
    phoneKey: doer.phone?.verified ? doer.phone.key : null,
    removed: false,
  }
  const event = { type: 'invite.accepted', inviteId: invite.id, at: slice.now, actorId: userId, userId, member } as const
  return accept([event], { inviteId: invite.id, repeated: false, member: { userId, role: invite.role } })
}

/** An open invite goes on until its last use. */
const ends = (invite: InviteRecord): boolean => invite.kind === 'personal' || invite.useCount + 1 === invite.maxUses

const hasAccepted = (slice: Slice, invite: InviteRecord, userId: string): boolean =>
  invite.kind === 'open'
    ? slice.uses.has(useKey(invite.id, userId))
    : invite.status === 'accepted' && invite.acceptedBy === userId

/** Null when this person may answer the invite. */
export function refusePerson(invite: InviteRecord, person: Person, proof: Proof, acceptance: Acceptance): Rejected | null {
  if (invite.kind === 'open') return proof.by === 'id' ? reject('invite_not_found', {}) : null
  if (proof.by !== 'id' && acceptance === 'session') return null
  const { email, emailKey, phoneKey } = invite.recipient
  const recipient = email !== null ? maskEmail(email) : phoneKey !== null ? maskPhone(phoneKey) : ''
  const phone = person.phone?.verified ? person.phone.key : null
  if (proof.by === 'id' && phone !== null && phone === phoneKey) return null
  if (emailKey !== null && person.email?.key === emailKey) {
    return person.email.verified ? null : reject('email_unverified', { recipient })
  }
  if (proof.by === 'id') return reject('invite_not_found', {})
  if (emailKey !== null) return reject('recipient_mismatch', { recipient })
  const otherPhone = phone !== null && phone !== phoneKey
  return otherPhone ? reject('recipient_mismatch', { recipient }) : null
}

/** The one who vouches must still be able to. One never seen in the member table keeps the role of that day. */
function refuseInviter(slice: Slice, invite: InviteRecord, rules: Rules): Rejected | null {
  if (invite.inviterId === null) return null
  const inviter = slice.members.get(invite.inviterId)
  const role = inviter === undefined ? invite.inviterRole : inviter.removed ? null : inviter.role
  return mayGrant(rules.roles, role, invite.role) ? null : reject('inviter_unauthorized', {})
}

export function decideDecline(slice: Slice, command: On<'decline'>, rules: Rules): Decision {
  const { doer, proof } = command
  const person = userOf(doer)
  if (proof.by === 'id' && person === null) return reject('unauthenticated', {})
  const invite = proven(slice, command)
  if (!invite) return reject('invite_not_found', {})
  const refused = person === null ? null : refusePerson(invite, person, proof, rules.acceptance)
  const done = refused ?? settled(invite, 'decline', slice)
  if (done) return done
  if (invite.kind === 'open') return reject('not_declinable', {})
  const event = {
    type: 'invite.declined',
    inviteId: invite.id,
    at: slice.now,
    actorId: idOf(doer),
    reason: command.reason,
  } as const
  return accept([event], { inviteId: invite.id })
}

const userOf = (doer: Doer): Person | null => (doer === 'system' || doer.userId === null ? null : doer)

export function decideOpen(slice: Slice, command: On<'open'>): Decision {
  const invite = proven(slice, command)
  if (!invite) return reject('invite_not_found', {})
  const done = settled(invite, 'open', slice)
  if (done) return done
  if (invite.openedAt !== null) return same(invite)
  const event = { type: 'invite.opened', inviteId: invite.id, at: slice.now, actorId: idOf(command.doer) } as const
  return accept([event], { inviteId: invite.id })
}

/** Asks the inviter for a new invite; changes nothing in this one. */
export function decideRenew(slice: Slice, command: On<'renew'>): Decision {
  const invite = proven(slice, command)
  if (!invite) return reject('invite_not_found', {})
  const done = settled(invite, 'renew', slice)
  if (done) return done
  const event = { type: 'invite.renewal_requested', inviteId: invite.id, at: slice.now, actorId: idOf(command.doer) } as const
  return accept([event], { inviteId: invite.id })
}
