// Commands on the built-in member table: add, setRole and remove, by whoever may grant the role.
import type { MemberCommand } from '../command.ts'
import type { MemberEvent } from '../event.ts'
import { refuseSeat } from '../limits.ts'
import { reject } from '../rejection.ts'
import { refuseUnknown } from '../roles.ts'
import { memberOf, type OrganizationState } from '../state.ts'
import { accept, type Decision, type Rules, refuseRole } from './decision.ts'

export function decideMember(state: OrganizationState, command: MemberCommand, rules: Rules): Decision {
  const { userId, actor } = command
  const before = memberOf(state, userId)
  if (command.type === 'member.remove') {
    if (!before) return accept([], { inviteId: null, member: null })
    // The removal is remembered, because invites of a removed inviter can no longer be accepted. The addresses are not needed.
    const left = { ...before, emailKey: null, phoneKey: null, removed: true }
    return refuseRole(rules, actor, before.role) ?? done(state, 'member.removed', left)
  }
  const { role } = command
  const unknown = refuseUnknown(rules.roles, role)
  if (unknown) return unknown
  const forbidden = refuseRole(rules, actor, role)
  if (command.type === 'member.add') {
    const refused = forbidden ?? (before ? reject('already_member', {}) : refuseSeat(state, rules.limits, 0))
    const added = { userId, role, emailKey: command.emailKey, phoneKey: null, removed: false }
    return refused ?? done(state, 'member.added', added)
  }
  if (!before) return reject('invalid_input', { errors: [{ path: 'userId', detail: 'is not a member' }] })
  const refused = forbidden ?? refuseRole(rules, actor, before.role)
  if (refused) return refused
  if (before.role === role) return accept([], { inviteId: null, member: { userId, role } })
  return done(state, 'member.changed', { ...before, role })
}

const done = (state: OrganizationState, type: MemberEvent['type'], member: MemberEvent['member']): Decision =>
  accept([{ type, member, at: state.now }], { inviteId: null, member: { userId: member.userId, role: member.role } })
