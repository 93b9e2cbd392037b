// Invites page by page, and all of them one after the other.

import type { ListAnswer, Listed } from '../api/results.ts'
import type { Kit } from '../commit/services.ts'
import { writeCursor } from '../domain/cursor.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { emailKeyFrom, phoneKeyFrom } from '../input/addresses.ts'
import type { AnyContext, Place } from '../input/caller.ts'
import { idFrom } from '../input/invite-id.ts'
import { listShape } from '../input/shapes.ts'
import type { ListQuery, SortKey } from '../ports/storage/lists.ts'
import { checked } from '../validation/validators.ts'
import { lookedUp } from '../views/deliveries.ts'
import { withLinks } from '../views/links.ts'
import { cursorFrom, pageOf } from './pagination.ts'
import { overlook } from './queries.ts'

const totalCap = 10_000

export async function list<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<ListAnswer<string, never>> {
  const place = await overlook(kit, context)
  const { cursor, include, limit, ...filters } = checked(listShape, input ?? {})
  const { settings } = kit
  const scope = ['list', place.organizationId, filters]
  const query = await toQuery(kit, place, filters, limit + 1)
  const after = cursor === null ? null : toAfter(cursorFrom(settings.keys, scope, cursor))
  const [rows, total] = await Promise.all([
    settings.storage.lists.invites({ ...query, after }, place.tx),
    include.includes('total') ? settings.storage.lists.total(query, totalCap, place.tx) : null,
  ])
  const cursorAfter = (last: InviteRecord) => writeCursor(settings.keys, scope, [last[query.sort]?.getTime() ?? null, last.id])
  const { page, nextCursor } = pageOf(rows, limit, cursorAfter)
  const views = await lookedUp(kit.settings, page, place.now, place.tx)
  const data = include.includes('link') ? await withLinks(kit.settings, place, page, views) : views
  return {
    data: data as unknown as readonly Listed<string, never>[],
    nextCursor,
    ...(total === null ? {} : { total }),
  }
}

const toAfter = ([value, id]: readonly (string | number | null)[]): ListQuery['after'] => ({
  value: typeof value === 'number' ? new Date(value) : null,
  id: idFrom(id),
})

type Filters = Omit<ReturnType<typeof listShape>, 'cursor' | 'include' | 'limit'>

/** An address that is none finds nothing by mistake: it is refused. */
async function toQuery<Tx>(
  kit: Kit<Tx>,
  { organizationId, now }: Place<Tx> & { readonly now: Date },
  { email, phone, sort, ...filters }: Filters,
  limit: number,
): Promise<ListQuery> {
  return {
    ...filters,
    organizationId,
    now,
    email: email === null ? null : emailKeyFrom(email),
    phone: phone === null ? null : await phoneKeyFrom(kit, phone),
    sort: sort.replace('-', '') as SortKey,
    descending: sort.startsWith('-'),
    limit,
    after: null,
  }
}

export async function* each<Tx>(kit: Kit<Tx>, input: object, context: AnyContext<Tx>): AsyncGenerator<Listed<string, never>> {
  let cursor: string | null | undefined
  do {
    const page: ListAnswer<string, never> = await list(kit, { limit: 200, ...input, ...(cursor ? { cursor } : {}) }, context)
    yield* page.data
    cursor = page.nextCursor
  } while (cursor)
}
