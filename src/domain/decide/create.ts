// Create: checks role, template, duplicates and limits, and what `ifPending` does about a pending invite at the same address.
import { idOf } from '../actor.ts'
import type { Create } from '../command.ts'
import type { DomainEvent, Send } from '../event.ts'
import { evolveAll, next } from '../evolve.ts'
import type { InviteRecord, RecipientRecord } from '../invite.ts'
import { refuseInviter, refusePending, refuseSends } from '../limits.ts'
import { reject } from '../rejection.ts'
import { nextReminder } from '../reminders.ts'
import { refuseUnknown } from '../roles.ts'
import { holdersOf, isLive, memberAt, type OrganizationState, type Personal } from '../state.ts'
import { accept, type Decision, inviterOf, isRejected, noInviter, noop, type Rules, refuseRole, sendsTo } from './decision.ts'
import { expired, resendNow } from './resend.ts'
import { changed } from './update.ts'

export function decideCreate(state: OrganizationState, command: Create, rules: Rules): Decision {
  const { actor, recipient } = command
  const { role, templateId } = command.terms
  const unknown = refuseUnknown(rules.roles, role)
  if (unknown) return unknown
  if (templateId !== null && !state.templates.has(templateId)) return reject('template_not_found', {})
  const forbidden = refuseRole(rules, actor, role)
  if (forbidden) return forbidden
  const sends = sendsTo(recipient, command.channels, rules)
  if (isRejected(sends)) return sends

  const holders = recipient === null ? [] : holdersOf(state, recipient)
  const existing = holders.find(invite => isLive(invite, state.now))
  if (recipient !== null) {
    if (existing) return onPending(state, command, { existing, recipient }, rules)
    if (memberAt(state, recipient)) return reject('already_member', {})
  }

  // Pending rows past their expiry are stored as expired in the same commit, which frees the address.
  const events: DomainEvent[] = holders.map(invite => expired(invite, state.now))
  const refused =
    refuseInviter(state, rules.limits, idOf(actor)) ??
    refuseSends(state, rules.limits, sends) ??
    refusePending(evolveAll(state, events), rules.limits)
  if (refused) return refused
  const invite = toRecord(state, command, rules, sends)
  events.push({ type: 'invite.created', inviteId: invite.id, invite, sends, actorId: idOf(actor), at: state.now })
  return accept(events, { inviteId: invite.id, outcome: 'created' })
}

interface Duplicate {
  readonly existing: Personal
  readonly recipient: RecipientRecord
}

/** The answer carries the pending invite's link, so the caller must be allowed to grant its role too. */
function onPending(state: OrganizationState, command: Create, { existing, recipient }: Duplicate, rules: Rules): Decision {
  if (command.ifPending === 'error') return reject('already_invited', { existingId: existing.id })
  const forbidden = refuseRole(rules, command.actor, existing.role)
  if (forbidden) return forbidden
  if (command.ifPending === 'return') return noop(existing, { outcome: 'existing' })
  const changes = asChanges(command, recipient, existing.recipient)
  const updates = changed(existing, { actor: command.actor, changes, at: state.now }, rules)
  const terms = { ...command, rotate: false, lifetime: undefined }
  const resent = resendNow(evolveAll(state, updates), updates.reduce<InviteRecord>(next, existing), terms, rules)
  return resent.ok ? accept([...updates, ...resent.events], { inviteId: existing.id, outcome: 'resent' }) : resent
}

/** What `ifPending: 'resend'` takes over from the new input: role, names, and metadata if it was given. */
function asChanges({ terms: { role, metadata } }: Create, typed: RecipientRecord, old: RecipientRecord) {
  return {
    role,
    ...(metadata === null ? {} : { metadata }),
    names: {
      fullName: typed.fullName ?? old.fullName,
      firstName: typed.firstName ?? old.firstName,
      lastName: typed.lastName ?? old.lastName,
      locale: typed.locale ?? old.locale,
    },
  }
}

function toRecord(state: OrganizationState, command: Create, rules: Rules, sends: readonly Send[]): InviteRecord {
  const { actor, id, inviteeId, recipient, terms } = command
  const at = state.now
  const sentAt = sends.length === 0 ? null : at
  const expiresAt = terms.lifetime === null ? null : new Date(at.getTime() + terms.lifetime)
  return {
    id,
    organizationId: state.organizationId,
    inviteeId,
    channels: sends.map(send => send.channel),
    keyId: rules.keyId,
    generation: 1,
    codeHash: command.withCode ? rules.codeHashOf(id, 1) : null,
    useCount: 0,
    createdAt: at,
    updatedAt: at,
    expiresAt,
    sentAt,
    sendCount: sends.length === 0 ? 0 : 1,
    openedAt: null,
    remindAt: nextReminder(rules.reminders, { sentAt, expiresAt }, at),
    erasedAt: null,
    status: 'pending',
    // Spread last: V8 takes many times as long to add fields to an object that begins with a spread.
    ...terms,
    metadata: terms.metadata ?? {},
    ...(inviterOf(actor) ?? noInviter),
    ...(recipient === null ? { kind: 'open', maxUses: command.maxUses } : { kind: 'personal', recipient }),
  }
}
