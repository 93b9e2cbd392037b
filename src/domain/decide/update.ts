// Update: changes role, expiry, names or metadata of a pending invite. Another address needs another invite.
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

interface UpdateRequest {
  readonly actor: Actor
  readonly changes: Changes
  readonly at: Date
}

/** One event, or none when nothing differs. Whoever changes the role becomes the inviter. */
export function changed(invite: InviteRecord, { actor, changes, at }: UpdateRequest, { reminders }: Rules): Updated[] {
  const { names, ...terms } = changes
  const old = invite.kind === 'personal' ? invite.recipient : null
  const isNew =
    Object.entries(terms).some(([key, value]) => differs(value, invite[key as keyof typeof terms])) ||
    (old !== null && Object.entries(names ?? {}).some(([key, value]) => value !== old[key as keyof typeof old]))
  if (!isNew) return []
  const inviter = terms.role !== undefined && terms.role !== invite.role ? (inviterOf(actor) ?? noInviter) : null
  const { expiresAt } = terms
  // A reminder that is due and not sent yet must be planned again: count from just before it.
  const since = invite.remindAt !== null && invite.remindAt <= at ? new Date(invite.remindAt.getTime() - 1) : at
  const remindAt = expiresAt === undefined ? invite.remindAt : nextReminder(reminders, { ...invite, expiresAt }, since)
  return [{ type: 'invite.updated', inviteId: invite.id, at, actorId: idOf(actor), changes, inviter, remindAt }]
}

const differs = (a: unknown, b: unknown): boolean => canonicalJson(a) !== canonicalJson(b)

/** JSON with sorted keys: a database may give the keys of an object back in another order. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (isPlain(part) ? sortedByKey(part) : part))

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

const sortedByKey = (value: object) => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
