// Read-only calls on an organization: `get`, `history` and `summary`; and what every list call shares, access and pages.

import { fail } from '../api/error.ts'
import type { HistoryEntry, Summary } from '../api/results.ts'
import { findInvite } from '../commit/facts-query.ts'
import { connectionFrom, withMembersTimeout } from '../commit/host-members.ts'
import type { Services } from '../commit/services.ts'
import { type CursorValue, readCursor, writeCursor } from '../domain/cursor.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { grantsOf } from '../domain/roles.ts'
import type { Keyring } from '../domain/token.ts'
import { type CallContext, type Caller, callerFrom } from '../input/caller.ts'
import { inviteIdFrom } from '../input/invite-id.ts'
import { nowOf, type Settings } from '../options/settings.ts'
import { anything, checked, list, object, oneOf, optional, text } from '../validation/validators.ts'
import { withDeliveries } from '../views/invite.ts'
import { withLinks } from '../views/links.ts'

/** A manager may grant at least one role. Throws `forbidden`. */
export async function requireManager<Tx>(
  services: Services<Tx>,
  context: CallContext<Tx>,
): Promise<Caller<Tx> & { readonly now: Date }> {
  const caller = await callerFrom(services, context)
  const { actor } = caller
  if (actor !== 'system' && grantsOf(services.settings.roles, actor.role).length === 0) throw fail('forbidden', {})
  return { ...caller, now: nowOf(services.settings) }
}

/** The values of a cursor that this list returned. Throws `invalid_cursor` for any other. */
export function cursorFrom(keys: Keyring, scope: unknown, cursor: string): CursorValue {
  const value = readCursor(keys, scope, cursor)
  if (value === null) throw fail('invalid_cursor', {})
  return value
}

/** `rows` were queried with `limit + 1`: the extra row tells that there is another page. */
export function pageOf<Row>(rows: readonly Row[], limit: number, cursorAfter: (last: Row) => string) {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { page, nextCursor: rows.length > limit && last !== undefined ? cursorAfter(last) : null }
}

const getShape = object({ id: anything, include: optional(list(oneOf('link')), []) })

export async function get<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await requireManager(services, context)
  const { id, include } = checked(getShape, input)
  const page = [await recordOf(services, caller, id)]
  const views = await withDeliveries(services.settings, page, caller.now, caller.tx)
  const [view] = include.length > 0 ? await withLinks(services.settings, caller, page, views) : views
  return view
}

const recordOf = async <Tx>(
  { settings }: Services<Tx>,
  { organizationId, tx }: Caller<Tx>,
  id: unknown,
): Promise<InviteRecord> => findInvite(settings, { organizationId, id: inviteIdFrom(id) }, tx)

const historyShape = object({ id: anything, cursor: optional(text(2000), null) })
const maxHistoryPage = 100

export async function history<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>) {
  const caller = await requireManager(services, context)
  const { id, cursor } = checked(historyShape, input)
  const invite = await recordOf(services, caller, id)
  const scope = ['history', caller.organizationId, invite.id]
  const after = cursor === null ? null : Number(cursorFrom(services.settings.keys, scope, cursor)[0])
  const query = { organizationId: caller.organizationId, id: invite.id, after, limit: maxHistoryPage + 1 }
  const rows = await services.settings.storage.lists.history(query, caller.tx)
  const { page, nextCursor } = pageOf(rows, maxHistoryPage, last => writeCursor(services.settings.keys, scope, [last.sequence]))
  const data = page.map(
    (row): HistoryEntry => ({
      id: row.id,
      sequence: row.sequence,
      type: row.type,
      at: row.at,
      actor: row.actorId === null ? null : { userId: row.actorId },
      previousStatus: row.previousStatus,
    }),
  )
  return { data, nextCursor }
}

const funnelDays = 30
const dayMs = 86_400_000

export async function summary<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<Summary<string>> {
  const { organizationId, actor, now, tx } = await requireManager(services, context)
  checked(object({}), input ?? {})
  const { settings } = services
  const limits = await settings.limitsOf(organizationId)
  const since = new Date(Math.floor(now.getTime() / dayMs - funnelDays + 1) * dayMs)
  const counts = await settings.storage.lists.summary({ organizationId, now, since }, tx)
  const seats = await seatsOf(settings, organizationId, counts.members, tx)
  const of = (date: string, type: string) => counts.days.find(row => row.day === date && row.type === type)?.count ?? 0
  return {
    pending: { used: counts.statuses.pending, limit: limits.pending },
    seats: { used: seats, limit: limits.seats },
    grants: actor === 'system' ? Object.keys(settings.roles) : grantsOf(settings.roles, actor.role),
    statuses: counts.statuses,
    days: Array.from({ length: funnelDays }, (_, index) => {
      const date = new Date(since.getTime() + index * dayMs).toISOString().slice(0, 10)
      return {
        day: date,
        sent: of(date, 'invite.sent'),
        opened: of(date, 'invite.opened'),
        accepted: of(date, 'invite.accepted'),
      }
    }),
    problems: counts.problems,
    disabledSinks: await settings.storage.disabledSinks.list(tx),
  }
}

async function seatsOf<Tx>(settings: Settings<Tx>, organizationId: string, builtIn: number, tx: Tx | undefined) {
  const { members, membersTimeoutMs, storage } = settings
  if (members === null) return builtIn
  const useConnection = connectionFrom(storage, tx)
  return withMembersTimeout(membersTimeoutMs, () =>
    useConnection(async connection => members.count(organizationId, connection)),
  )
}
