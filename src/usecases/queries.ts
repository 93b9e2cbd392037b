// Looking: one invite, what happened to it, and the numbers.

import { fail } from '../api/error.ts'
import type { HistoryEntry, Summary } from '../api/results.ts'
import { findInvite } from '../commit/find-invite.ts'
import { lendFrom, patiently } from '../commit/host-members.ts'
import type { Kit } from '../commit/services.ts'
import { writeCursor } from '../domain/cursor.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { grantsOf } from '../domain/roles.ts'
import { type AnyContext, type Place, placeOf } from '../input/caller.ts'
import { idFrom } from '../input/invite-id.ts'
import { nowOf, type Settings } from '../options/settings.ts'
import { anything, checked, list, object, oneOf, optional, text } from '../validation/validators.ts'
import { lookedUp } from '../views/deliveries.ts'
import { withLinks } from '../views/links.ts'
import { cursorFrom, pageOf } from './pagination.ts'

/** Who may grant at least one role may look. */
export async function overlook<Tx>(kit: Kit<Tx>, context: AnyContext<Tx>): Promise<Place<Tx> & { readonly now: Date }> {
  const place = await placeOf(kit, context)
  const { doer } = place
  if (doer !== 'system' && grantsOf(kit.settings.roles, doer.role).length === 0) throw fail('forbidden', {})
  return { ...place, now: nowOf(kit.settings) }
}

const getShape = object({ id: anything, include: optional(list(oneOf('link')), []) })

export async function get<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>) {
  const place = await overlook(kit, context)
  const { id, include } = checked(getShape, input)
  const page = [await recordOf(kit, place, id)]
  const views = await lookedUp(kit.settings, page, place.now, place.tx)
  const [view] = include.length > 0 ? await withLinks(kit.settings, place, page, views) : views
  return view
}

const recordOf = async <Tx>({ settings }: Kit<Tx>, { organizationId, tx }: Place<Tx>, id: unknown): Promise<InviteRecord> =>
  findInvite(settings, { organizationId, id: idFrom(id) }, tx)

const historyShape = object({ id: anything, cursor: optional(text(2000), null) })
const historyPage = 100

export async function history<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>) {
  const place = await overlook(kit, context)
  const { id, cursor } = checked(historyShape, input)
  const invite = await recordOf(kit, place, id)
  const scope = ['history', place.organizationId, invite.id]
  const after = cursor === null ? null : Number(cursorFrom(kit.settings.keys, scope, cursor)[0])
  const query = { organizationId: place.organizationId, id: invite.id, after, limit: historyPage + 1 }
  const rows = await kit.settings.storage.lists.history(query, place.tx)
  const { page, nextCursor } = pageOf(rows, historyPage, last => writeCursor(kit.settings.keys, scope, [last.sequence]))
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
const day = 86_400_000

export async function summary<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Summary<string>> {
  const { organizationId, doer, now, tx } = await overlook(kit, context)
  checked(object({}), input ?? {})
  const { settings } = kit
  const limits = await settings.limitsOf(organizationId)
  const since = new Date(Math.floor(now.getTime() / day - funnelDays + 1) * day)
  const counts = await settings.storage.lists.summary({ organizationId, now, since }, tx)
  const seats = await seatsOf(settings, organizationId, counts.members, tx)
  const of = (date: string, type: string) => counts.days.find(row => row.day === date && row.type === type)?.count ?? 0
  return {
    pending: { used: counts.statuses.pending, limit: limits.pending },
    seats: { used: seats, limit: limits.seats },
    grants: doer === 'system' ? Object.keys(settings.roles) : grantsOf(settings.roles, doer.role),
    statuses: counts.statuses,
    days: Array.from({ length: funnelDays }, (_, index) => {
      const date = new Date(since.getTime() + index * day).toISOString().slice(0, 10)
      return {
        day: date,
        sent: of(date, 'invite.sent'),
        opened: of(date, 'invite.opened'),
        accepted: of(date, 'invite.accepted'),
      }
    }),
    problems: counts.problems,
    disabledSinks: await settings.storage.endpoints.disabled(tx),
  }
}

async function seatsOf<Tx>(settings: Settings<Tx>, organizationId: string, own: number, tx: Tx | undefined) {
  const { members, membersPatience, storage } = settings
  if (members === null) return own
  return patiently(membersPatience, () => lendFrom(storage, tx)(async lent => members.count(organizationId, lent)))
}
