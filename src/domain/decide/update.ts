// Changing what a pending invite says: role, expiry, names, metadata. Never the address: that is another invite.
import { type Actor, idOf } from '../actor.ts'
import type { Command } from '../command.ts'
import type { Changes, InviteEvent } from '../event.ts'
import type { InviteRecord } from '../invite.ts'
import { reject } from '../rejection.ts'
import { nextReminder } from '../reminders.ts'
import { refuseUnknown } from '../roles.ts'
import type { OrganizationState } from '../state.ts'
import { accept, checkTransition, type Decision, inviterOf, noInviter, noop, type Rules, refuseRole } from './decision.ts'

type Update = Extract<Command, { type: 'update' }>
type Updated = Extract<InviteEvent, { type: 'invite.updated' }>

export function decideUpdate(state: OrganizationState, command: Update, rules: Rules): Decision {
  const { actor, changes } = command
  const { role, lifetime } = changes
  const unknown = role === undefined ? null : refuseUnknown(rules.roles, role)
  if (unknown) return unknown
  const invite = state.invites.get(command.id)
  if (!invite) return reject('invite_not_found', {})
  const forbidden = refuseRole(rules, actor, invite.role) ?? refuseRole(rules, actor, role ?? invite.role)
  if (forbidden) return forbidden
  const done = checkTransition(invite, 'update', state)
  if (done) return done
  const expiresAt =
    lifetime === undefined ? {} : { expiresAt: lifetime === null ? null : new Date(state.now.getTime() + lifetime) }
  const events = changed(invite, { actor, changes: { ...changes, ...expiresAt }, at: state.now }, rules)
  return events.length === 0 ? noop(invite) : accept(events, { inviteId: invite.id })
}

interface Wanted {
  readonly actor: Actor
  readonly changes: Changes
  readonly at: Date
}

/** One event, or none when everything is as asked already. A new role is vouched for by who gave it. */
export function changed(invite: InviteRecord, { actor, changes, at }: Wanted, { reminders }: Rules): Updated[] {
  const { names, ...terms } = changes
  const old = invite.kind === 'personal' ? invite.recipient : null
  const isNew =
    Object.entries(terms).some(([key, value]) => differs(value, invite[key as keyof typeof terms])) ||
    (old !== null && Object.entries(names ?? {}).some(([key, value]) => value !== old[key as keyof typeof old]))
  if (!isNew) return []
  const inviter = terms.role !== undefined && terms.role !== invite.role ? (inviterOf(actor) ?? noInviter) : null
  const { expiresAt } = terms
  // What has fallen due and was not sent yet is still to come.
  const since = invite.remindAt !== null && invite.remindAt <= at ? new Date(invite.remindAt.getTime() - 1) : at
  const remindAt = expiresAt === undefined ? invite.remindAt : nextReminder(reminders, { ...invite, expiresAt }, since)
  return [{ type: 'invite.updated', inviteId: invite.id, at, actorId: idOf(actor), changes, inviter, remindAt }]
}

const differs = (a: unknown, b: unknown): boolean => spelled(a) !== spelled(b)

/** Whatever the order of its keys: a database gives them back in another. */
const spelled = (value: unknown): string => JSON.stringify(value, (_, part: unknown) => (isPlain(part) ? inOrder(part) : part))

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

const inOrder = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
