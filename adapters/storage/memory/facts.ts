// The answer to a question, from one organization's rows.

import type { Facts, InviteRecord, InviteStatus, Question, Tally } from '../../../src/core.ts'
import { keyOf, rows, type Tables } from './tables.ts'

const day = 86_400_000

export function factsFor(tables: Tables, question: Question): Facts {
  const { organizationId, users } = question
  const now = question.now ?? new Date()
  const invites = [...rows(tables.invites)].filter(invite => invite.organizationId === organizationId)
  const byId = invites.filter(invite => question.ids.includes(invite.id))
  return {
    revision: tables.revisions.get(organizationId) ?? 0,
    now,
    pending: upTo(question.pending, invites.filter(invite => statusAt(invite, now) === 'pending').length),
    invites: [...new Set([...byId, ...pendingAt(invites, byId, question)])],
    uses: [...rows(tables.uses)].filter(use => byId.some(({ id }) => id === use.inviteId) && users.includes(use.userId)),
    kept: question.keys.flatMap(key => keptAt(tables, organizationId, key)),
    templates: question.templates.filter(id => isTheirs(tables, organizationId, id)),
    made: madeBy(tables, question, now),
    sends: sendsTo(tables, question, now),
    ...membership(tables, question, byId),
  }
}

/** By the clock: a pending invite is expired from `expiresAt` on. */
export const statusAt = ({ status, expiresAt }: InviteRecord, now: Date): InviteStatus =>
  status === 'pending' && expiresAt !== null && expiresAt <= now ? 'expired' : status

function keptAt(tables: Tables, organizationId: string, key: string): Facts['kept'] {
  const kept = tables.kept.get(keyOf(organizationId, key))
  return kept ? [{ key, input: kept.input, answer: kept.answer, at: kept.at }] : []
}

/** The organization's own, or everybody's. */
function isTheirs({ templates }: Tables, organizationId: string, id: string): boolean {
  const owner = templates.get(id)?.organizationId
  return owner === organizationId || owner === ''
}

const upTo = (bound: number | null, count: number) => (bound === null ? 0 : Math.min(bound, count))

/** Stored as pending, past their time or not, at the addresses asked for or those of the invites found by id. */
function pendingAt(invites: readonly InviteRecord[], byId: readonly InviteRecord[], question: Question): InviteRecord[] {
  const known = byId.map(invite => (invite.kind === 'personal' ? invite.recipient : null))
  const emails = new Set([...question.emails, ...known.map(recipient => recipient?.emailKey)])
  const phones = new Set([...question.phones, ...known.map(recipient => recipient?.phoneKey)])
  return invites.filter(
    invite =>
      invite.kind === 'personal' &&
      invite.status === 'pending' &&
      ((invite.recipient.emailKey !== null && emails.has(invite.recipient.emailKey)) ||
        (invite.recipient.phoneKey !== null && phones.has(invite.recipient.phoneKey))),
  )
}

function membership(tables: Tables, question: Question, byId: readonly InviteRecord[]): Pick<Facts, 'members' | 'seats'> {
  if (!question.members) return { members: [], seats: 0 }
  const { emails, phones } = question
  const everybody = [...rows(tables.members)].filter(member => member.organizationId === question.organizationId)
  const users = new Set([...question.users, ...byId.map(invite => invite.inviterId)])
  const asked = everybody.filter(
    ({ userId, emailKey, phoneKey }) =>
      users.has(userId) || (emailKey !== null && emails.includes(emailKey)) || (phoneKey !== null && phones.includes(phoneKey)),
  )
  return {
    seats: upTo(question.seats, everybody.filter(member => !member.removed).length),
    members: asked.map(({ userId, role, emailKey, phoneKey, removed }) => ({ userId, role, emailKey, phoneKey, removed })),
  }
}

function madeBy(tables: Tables, { organizationId, inviters }: Question, now: Date): ReadonlyMap<string, Tally> {
  if (inviters.length === 0) return new Map()
  return tally(
    [...rows(tables.events)]
      .filter(({ type }) => type === 'invite.created' || type === 'invite.resent')
      .filter(event => event.organizationId === organizationId)
      .map(({ actorId, at }) => ({ key: actorId, at })),
    inviters,
    now,
  )
}

function sendsTo(tables: Tables, { marks, sentTo }: Question, now: Date): ReadonlyMap<string, Tally> {
  if (marks.length + sentTo.length === 0) return new Map()
  const deliveries = [...rows(tables.messages)].filter(({ kind }) => kind === 'delivery')
  const before = deliveries.flatMap(({ inviteId, mark }) => (sentTo.includes(inviteId) ? (mark ?? []) : []))
  return tally(
    deliveries.map(({ mark, createdAt }) => ({ key: mark, at: createdAt })),
    [...marks, ...before],
    now,
  )
}

interface Happening {
  readonly key: string | null
  readonly at: Date
}

/** What is a day old to the millisecond counts no longer: `retryAfter` promises that it will not. */
function tally(happenings: readonly Happening[], keys: readonly string[], now: Date): Map<string, Tally> {
  const result = new Map<string, Tally>()
  for (const { key, at } of happenings) {
    if (key === null || !keys.includes(key) || at.getTime() <= now.getTime() - day) continue
    const before = result.get(key)
    const oldest = before === undefined || at < before.oldest ? at : before.oldest
    result.set(key, { count: (before?.count ?? 0) + 1, oldest })
  }
  return result
}
