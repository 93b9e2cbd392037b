// Lists invites: one page (`list`), or all of them one after another (`each`).

import type { ListAnswer, Listed } from '../api/results.ts'
import type { Services } from '../commit/services.ts'
import { writeCursor } from '../domain/cursor.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { emailKeyFrom, phoneKeyFrom } from '../input/addresses.ts'
import type { CallContext, Caller } from '../input/caller.ts'
import { inviteIdFrom } from '../input/invite-id.ts'
import { listShape } from '../input/shapes.ts'
import type { ListQuery, SortKey } from '../ports/storage/lists.ts'
import { checked } from '../validation/validators.ts'
import { withDeliveries } from '../views/invite.ts'
import { withLinks } from '../views/links.ts'
import { cursorFrom, pageOf, requireManager } from './queries.ts'

const maxTotal = 10_000

export async function list<Tx>(
  services: Services<Tx>,
  input: unknown,
  context: CallContext<Tx>,
): Promise<ListAnswer<string, never>> {
  const caller = await requireManager(services, context)
  const { cursor, include, limit, ...filters } = checked(listShape, input ?? {})
  const { settings } = services
  const scope = ['list', caller.organizationId, filters]
  const query = await toQuery(services, caller, filters, limit + 1)
  const after = cursor === null ? null : toAfter(cursorFrom(settings.keys, scope, cursor))
  const [rows, total] = await Promise.all([
    settings.storage.lists.invites({ ...query, after }, caller.tx),
    include.includes('total') ? settings.storage.lists.total(query, maxTotal, caller.tx) : null,
  ])
  const cursorAfter = (last: InviteRecord) => writeCursor(settings.keys, scope, [last[query.sort]?.getTime() ?? null, last.id])
  const { page, nextCursor } = pageOf(rows, limit, cursorAfter)
  const views = await withDeliveries(services.settings, page, caller.now, caller.tx)
  const data = include.includes('link') ? await withLinks(services.settings, caller, page, views) : views
  return {
    data: data as unknown as readonly Listed<string, never>[],
    nextCursor,
    ...(total === null ? {} : { total }),
  }
}

const toAfter = ([value, id]: readonly (string | number | null)[]): ListQuery['after'] => ({
  value: typeof value === 'number' ? new Date(value) : null,
  id: inviteIdFrom(id),
})

type Filters = Omit<ReturnType<typeof listShape>, 'cursor' | 'include' | 'limit'>

/** A malformed address is refused, where a search for it would find nothing and look like an answer. */
async function toQuery<Tx>(
  services: Services<Tx>,
  { organizationId, now }: Caller<Tx> & { readonly now: Date },
  { email, phone, sort, ...filters }: Filters,
  limit: number,
): Promise<ListQuery> {
  return {
    ...filters,
    organizationId,
    now,
    email: email === null ? null : emailKeyFrom(email),
    phone: phone === null ? null : await phoneKeyFrom(services, phone),
    sort: sort.replace('-', '') as SortKey,
    descending: sort.startsWith('-'),
    limit,
    after: null,
  }
}

export async function* each<Tx>(
  services: Services<Tx>,
  input: object,
  context: CallContext<Tx>,
): AsyncGenerator<Listed<string, never>> {
  let cursor: string | null | undefined
  do {
    const page: ListAnswer<string, never> = await list(
      services,
      { limit: 200, ...input, ...(cursor ? { cursor } : {}) },
      context,
    )
    yield* page.data
    cursor = page.nextCursor
  } while (cursor)
}
