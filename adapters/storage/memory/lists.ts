// Lists, counts and history.
import type { Counts, DeliveryRow, InviteRecord, InviteRef, InviteStatus, ListQuery, Lists, Range } from '../../../src/core.ts'
import { statusAt } from './facts.ts'
import { rows, type StoredMessage, type Tables } from './tables.ts'

/** `at` finds the tables that a transaction sees. */
export const createLists = <Tx>(at: (tx: Tx | undefined) => Tables): Lists<Tx> => ({
  invites: async (query, tx) => structuredClone(page(filtered(at(tx), query), query)),
  total: async (query, cap, tx) => Math.min(cap, filtered(at(tx), query).length),
  mine: async ({ email, phone, now }, tx) =>
    structuredClone(
      [...rows(at(tx).invites)].filter(
        invite => statusAt(invite, now) === 'pending' && (isTo(invite, 'emailKey', email) || isTo(invite, 'phoneKey', phone)),
      ),
    ),
  addressed: async (address, tx) =>
    [...rows(at(tx).invites)]
      .filter(invite =>
        'email' in address ? isTo(invite, 'emailKey', address.email) : isTo(invite, 'phoneKey', address.phone),
      )
      .map(found),
  deliveries: async (ids, tx) =>
    [...rows(at(tx).messages)].filter(message => message.kind === 'delivery' && ids.includes(message.inviteId)).map(toDelivery),
  history: async ({ organizationId, id, after, limit }, tx) =>
    structuredClone(
      [...rows(at(tx).events)]
        .filter(event => event.organizationId === organizationId && event.inviteId === id)
        .filter(event => after === null || event.sequence > after)
        .slice(0, limit),
    ),
  summary: async (query, tx) => summary(at(tx), query),
  members: async ({ organizationId, limit, after }, tx) =>
    [...rows(at(tx).members)]
      .filter(member => member.organizationId === organizationId && !member.removed)
      .filter(member => after === null || member.userId > after)
      .sort((a, b) => compare(a.userId, b.userId))
      .slice(0, limit)
      .map(({ organizationId: _, ...member }) => structuredClone(member)),
  due: async (now, limit, { of, except = [] } = {}) =>
    [...rows(at(undefined).invites)]
      .filter(invite => invite.status !== statusAt(invite, now))
      .filter(({ organizationId }) => (of === undefined || of === organizationId) && !except.includes(organizationId))
      .sort((a, b) => compare(sortValue(a, 'expiresAt'), sortValue(b, 'expiresAt')))
      .slice(0, limit)
      .map(found),
  remindable: async (now, limit, after) => {
    const past = (a: { remindAt: Date; id: string }, b: { remindAt: Date; id: string }) =>
      compare(a.remindAt.getTime(), b.remindAt.getTime()) || compare(a.id, b.id)
    const due = [...rows(at(undefined).invites)].flatMap(invite => {
      const { status, remindAt, id } = invite
      return status === 'pending' && remindAt !== null && remindAt <= now ? { remindAt, id, invite } : []
    })
    const rest = due.filter(one => after === null || past(one, after) > 0).sort(past)
    return structuredClone(rest.slice(0, limit).map(({ invite }) => invite))
  },
})

const found = ({ id, organizationId }: InviteRecord): InviteRef => ({ id, organizationId })

const isTo = (invite: InviteRecord, which: 'emailKey' | 'phoneKey', key: string | null) =>
  key !== null && invite.kind === 'personal' && invite.recipient[which] === key

function filtered(tables: Tables, query: ListQuery): InviteRecord[] {
  const matches = (wanted: string | null, actual: string | null) => wanted === null || wanted === actual
  return [...rows(tables.invites)].filter(
    invite =>
      invite.organizationId === query.organizationId &&
      (query.status === null || query.status.includes(statusAt(invite, query.now))) &&
      matches(query.role, invite.role) &&
      matches(query.inviterId, invite.inviterId) &&
      matches(query.externalId, invite.externalId) &&
      (query.email === null || isTo(invite, 'emailKey', query.email)) &&
      (query.phone === null || isTo(invite, 'phoneKey', query.phone)) &&
      (query.q === null || contains(invite, query.q)) &&
      inRange(query.created, sortValue(invite, 'createdAt')) &&
      inRange(query.expires, sortValue(invite, 'expiresAt')),
  )
}

function contains(invite: InviteRecord, q: string): boolean {
  if (invite.kind === 'open') return false
  const { locale: _, ...texts } = invite.recipient
  return Object.values(texts).some(text => text?.toLowerCase().includes(q.toLowerCase()))
}

const inRange = ({ from, to }: Range, value: number) =>
  (from === null || value >= from.getTime()) && (to === null || value < to.getTime())

/** Never is later than any time. */
const timeOf = (date: Date | null) => date?.getTime() ?? Number.POSITIVE_INFINITY
const sortValue = (invite: InviteRecord, sort: ListQuery['sort']) => timeOf(invite[sort])

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

function page(invites: readonly InviteRecord[], { sort, descending, limit, after }: ListQuery): InviteRecord[] {
  const direction = descending ? -1 : 1
  const order = (value: number, id: string, other: number, otherId: string) =>
    direction * (compare(value, other) || compare(id, otherId))
  return invites
    .filter(invite => after === null || order(sortValue(invite, sort), invite.id, timeOf(after.value), after.id) > 0)
    .sort((a, b) => order(sortValue(a, sort), a.id, sortValue(b, sort), b.id))
    .slice(0, limit)
}

export const toDelivery = (message: StoredMessage): DeliveryRow =>
  structuredClone({
    id: message.id,
    inviteId: message.inviteId,
    channel: message.target,
    generation: message.generation,
    reason: message.reason ?? 'created',
    status: message.status,
    attempts: message.attempts,
    providerId: message.providerId,
    failure: message.failure,
    createdAt: message.createdAt,
    updatedAt: message.updatedAt,
    sentAt: message.sentAt,
  })

function summary(tables: Tables, query: { organizationId: string; now: Date; since: Date }): Counts {
  const mine = <Row extends { readonly organizationId: string }>(row: Row) => row.organizationId === query.organizationId
  const statuses: Record<InviteStatus, number> = { pending: 0, accepted: 0, declined: 0, revoked: 0, expired: 0 }
  for (const invite of [...rows(tables.invites)].filter(mine)) statuses[statusAt(invite, query.now)] += 1
  const days = new Map<string, Counts['days'][number]>()
  for (const { type, at } of [...rows(tables.events)].filter(mine).filter(event => event.at >= query.since)) {
    const day = at.toISOString().slice(0, 10)
    const key = `${day} ${type}`
    days.set(key, { day, type, count: (days.get(key)?.count ?? 0) + 1 })
  }
  return {
    statuses,
    members: [...rows(tables.members)].filter(mine).filter(member => !member.removed).length,
    problems: [...rows(tables.messages)].filter(mine).filter(isProblem).length,
    days: [...days].sort(([a], [b]) => compare(a, b)).map(([, row]) => row),
  }
}

const isProblem = ({ status }: StoredMessage) => status === 'failed' || status === 'bounced' || status === 'complained'
