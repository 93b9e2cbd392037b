// The invitee's commands: accept, decline, open, and renew (ask the inviter for a new invite).
import { type Actor, idOf, type Person } from '../actor.ts'
import { maskEmail, maskPhone } from '../address.ts'
import type { Command, Proof } from '../command.ts'
import type { InviteRecord } from '../invite.ts'
import { refuseSeat } from '../limits.ts'
import { type Rejected, reject } from '../rejection.ts'
import { mayGrant } from '../roles.ts'
import { memberOf, type OrganizationState, useKey } from '../state.ts'
import { type Acceptance, accept, checkTransition, type Decision, noop, type Rules } from './decision.ts'

type On<T extends Command['type']> = Extract<Command, { type: T }>

/** The invite, if the proof is valid for it; null for a token or code that was rotated away. */
function proven(state: OrganizationState, { id, proof }: { id: InviteRecord['id']; proof: Proof }): InviteRecord | null {
  const invite = state.invites.get(id)
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

export function decideAccept(state: OrganizationState, command: On<'accept'>, rules: Rules): Decision {
  const { actor } = command
  if (actor === 'system' || actor.userId === null) return reject('unauthenticated', {})
  const invite = proven(state, command)
  if (!invite) return reject('invite_not_found', {})
  const { userId } = actor
  const before = memberOf(state, userId)
  if (hasAccepted(state, invite, userId)) {
    return noop(invite, { repeated: true, member: before ? { userId, role: before.role } : null })
  }
  const done = refusePerson(invite, actor, command.proof, rules.acceptance) ?? checkTransition(invite, 'accept', state)
  if (done) return done
  if (command.role !== null && command.role !== invite.role) return reject('role_changed', { role: invite.role })
  const refused =
    refuseInviter(state, invite, rules) ??
    (before ? reject('already_member', {}) : null) ??
    refuseSeat(state, rules.limits, ends(invite) ? 1 : 0)
  if (refused) return refused
  const member = {
    userId,
    role: invite.role,
    emailKey: actor.email?.verified ? actor.email.key : null,
    phoneKey: actor.phone?.verified ? actor.phone.key : null,
    removed: false,
  }
  const event = { type: 'invite.accepted', inviteId: invite.id, at: state.now, actorId: userId, userId, member } as const
  return accept([event], { inviteId: invite.id, repeated: false, member: { userId, role: invite.role } })
}

/** Whether this acceptance is the last. An open invite stays pending until its last use. */
const ends = (invite: InviteRecord): boolean => invite.kind === 'personal' || invite.useCount + 1 === invite.maxUses

const hasAccepted = (state: OrganizationState, invite: InviteRecord, userId: string): boolean =>
  invite.kind === 'open'
    ? state.uses.has(useKey(invite.id, userId))
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

/**
 * The inviter's current role must still grant this one. An inviter unknown to the member table keeps the role recorded on the
 * invite; one that was removed from it has none.
 */
function refuseInviter(state: OrganizationState, invite: InviteRecord, rules: Rules): Rejected | null {
  if (invite.inviterId === null) return null
  const inviter = state.members.get(invite.inviterId)
  const role = inviter === undefined ? invite.inviterRole : inviter.removed ? null : inviter.role
  return mayGrant(rules.roles, role, invite.role) ? null : reject('inviter_unauthorized', {})
}

export function decideDecline(state: OrganizationState, command: On<'decline'>, rules: Rules): Decision {
  const { actor, proof } = command
  const person = userOf(actor)
  if (proof.by === 'id' && person === null) return reject('unauthenticated', {})
  const invite = proven(state, command)
  if (!invite) return reject('invite_not_found', {})
  const refused = person === null ? null : refusePerson(invite, person, proof, rules.acceptance)
  const done = refused ?? checkTransition(invite, 'decline', state)
  if (done) return done
  if (invite.kind === 'open') return reject('not_declinable', {})
  const event = {
    type: 'invite.declined',
    inviteId: invite.id,
    at: state.now,
    actorId: idOf(actor),
    reason: command.reason,
  } as const
  return accept([event], { inviteId: invite.id })
}

const userOf = (actor: Actor): Person | null => (actor === 'system' || actor.userId === null ? null : actor)

export function decideOpen(state: OrganizationState, command: On<'open'>): Decision {
  const invite = proven(state, command)
  if (!invite) return reject('invite_not_found', {})
  const done = checkTransition(invite, 'open', state)
  if (done) return done
  if (invite.openedAt !== null) return noop(invite)
  const event = { type: 'invite.opened', inviteId: invite.id, at: state.now, actorId: idOf(command.actor) } as const
  return accept([event], { inviteId: invite.id })
}

/** Asks the inviter for a new invite: an event alone, this invite does not change. */
export function decideRenew(state: OrganizationState, command: On<'renew'>): Decision {
  const invite = proven(state, command)
  if (!invite) return reject('invite_not_found', {})
  const done = checkTransition(invite, 'renew', state)
  if (done) return done
  const event = { type: 'invite.renewal_requested', inviteId: invite.id, at: state.now, actorId: idOf(command.actor) } as const
  return accept([event], { inviteId: invite.id })
}
