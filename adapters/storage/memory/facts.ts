// Reads facts from one organization's rows.
import type { DailyCount, Facts, FactsQuery, InviteRecord, InviteStatus } from '../../../src/core.ts'
import { keyOf, rows, type Tables } from './tables.ts'

const dayMs = 86_400_000

export function factsFor(tables: Tables, query: FactsQuery): Facts {
  const { organizationId, users } = query
  const now = query.now ?? new Date()
  const invites = [...rows(tables.invites)].filter(invite => invite.organizationId === organizationId)
  const byId = invites.filter(invite => query.ids.includes(invite.id))
  return {
    revision: tables.revisions.get(organizationId) ?? 0,
    now,
    pending: upTo(query.pending, invites.filter(invite => statusAt(invite, now) === 'pending').length),
    invites: [...new Set([...byId, ...pendingAt(invites, byId, query)])],
    uses: [...rows(tables.uses)].filter(use => byId.some(({ id }) => id === use.inviteId) && users.includes(use.userId)),
    idempotency: query.idempotencyKeys.flatMap(key => idempotencyAt(tables, organizationId, key)),
    templates: query.templates.filter(id => isAvailable(tables, organizationId, id)),
    createdToday: createdBy(tables, query, now),
    sentToday: sentTodayTo(tables, query, now),
    ...membership(tables, query, byId),
  }
}

/** By the clock: a pending invite is expired from `expiresAt` on. */
export const statusAt = ({ status, expiresAt }: InviteRecord, now: Date): InviteStatus =>
  status === 'pending' && expiresAt !== null && expiresAt <= now ? 'expired' : status

function idempotencyAt(tables: Tables, organizationId: string, key: string): Facts['idempotency'] {
  const stored = tables.kept.get(keyOf(organizationId, key))
  return stored ? [{ key, input: stored.input, answer: stored.answer, at: stored.at }] : []
}

/** The organization's own, or everybody's. */
function isAvailable({ templates }: Tables, organizationId: string, id: string): boolean {
  const owner = templates.get(id)?.organizationId
  return owner === organizationId || owner === ''
}

const upTo = (bound: number | null, count: number) => (bound === null ? 0 : Math.min(bound, count))

/** Stored as pending, expired or not, at the query's addresses or those of the invites found by id. */
function pendingAt(invites: readonly InviteRecord[], byId: readonly InviteRecord[], query: FactsQuery): InviteRecord[] {
  const recipients = byId.map(invite => (invite.kind === 'personal' ? invite.recipient : null))
  const emails = new Set([...query.emails, ...recipients.map(recipient => recipient?.emailKey)])
  const phones = new Set([...query.phones, ...recipients.map(recipient => recipient?.phoneKey)])
  return invites.filter(
    invite =>
      invite.kind === 'personal' &&
      invite.status === 'pending' &&
      ((invite.recipient.emailKey !== null && emails.has(invite.recipient.emailKey)) ||
        (invite.recipient.phoneKey !== null && phones.has(invite.recipient.phoneKey))),
  )
}

function membership(tables: Tables, query: FactsQuery, byId: readonly InviteRecord[]): Pick<Facts, 'members' | 'seats'> {
  if (!query.members) return { members: [], seats: 0 }
  const { emails, phones } = query
  const everybody = [...rows(tables.members)].filter(member => member.organizationId === query.organizationId)
  const users = new Set([...query.users, ...byId.map(invite => invite.inviterId)])
  const found = everybody.filter(
    ({ userId, emailKey, phoneKey }) =>
      users.has(userId) || (emailKey !== null && emails.includes(emailKey)) || (phoneKey !== null && phones.includes(phoneKey)),
  )
  return {
    seats: upTo(query.seats, everybody.filter(member => !member.removed).length),
    members: found.map(({ userId, role, emailKey, phoneKey, removed }) => ({ userId, role, emailKey, phoneKey, removed })),
  }
}

function createdBy(tables: Tables, { organizationId, inviters }: FactsQuery, now: Date): ReadonlyMap<string, DailyCount> {
  if (inviters.length === 0) return new Map()
  return dailyCount(
    [...rows(tables.events)]
      .filter(({ type }) => type === 'invite.created' || type === 'invite.resent')
      .filter(event => event.organizationId === organizationId)
      .map(({ actorId, at }) => ({ key: actorId, at })),
    inviters,
    now,
  )
}

function sentTodayTo(tables: Tables, { addressHashes, sentTo }: FactsQuery, now: Date): ReadonlyMap<string, DailyCount> {
  if (addressHashes.length + sentTo.length === 0) return new Map()
  const deliveries = [...rows(tables.messages)].filter(({ kind }) => kind === 'delivery')
  const before = deliveries.flatMap(({ inviteId, addressHash }) => (sentTo.includes(inviteId) ? (addressHash ?? []) : []))
  return dailyCount(
    deliveries.map(({ addressHash, createdAt }) => ({ key: addressHash, at: createdAt })),
    [...addressHashes, ...before],
    now,
  )
}

interface Happening {
  readonly key: string | null
  readonly at: Date
}

/** What is exactly a day old no longer counts, as `retryAfter` promises. */
function dailyCount(happenings: readonly Happening[], keys: readonly string[], now: Date): Map<string, DailyCount> {
  const result = new Map<string, DailyCount>()
  for (const { key, at } of happenings) {
    if (key === null || !keys.includes(key) || at.getTime() <= now.getTime() - dayMs) continue
    const before = result.get(key)
    const oldest = before === undefined || at < before.oldest ? at : before.oldest
    result.set(key, { count: (before?.count ?? 0) + 1, oldest })
  }
  return result
}
