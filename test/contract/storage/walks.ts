// The order of lists, and walking through them page by page while others write.
import { describe, expect, test } from 'vitest'
import type { InviteRecord } from '../../../src/domain/invite.ts'
import type { ListQuery, SortKey } from '../../../src/ports/storage/lists.ts'
import { at, changed, listQuery, personal } from '../../support/make.ts'
import { type Room, roomIn, type Subject } from './subject.ts'

const sorts: readonly SortKey[] = ['createdAt', 'expiresAt', 'updatedAt']
const orders = sorts.flatMap(sort => [false, true].map(descending => ({ sort, descending })))

/** Rows with ties in every sort key, and some that never expire. */
const seedRows = (org: string): InviteRecord[] =>
  [...Array(23)].map((_, i) =>
    personal(org, {
      createdAt: at(i % 4),
      updatedAt: at(10 + ((i * 7) % 5)),
      expiresAt: i % 3 === 0 ? null : at(100 + (i % 2)),
    }),
  )

const inOrder = (rows: readonly InviteRecord[], { sort, descending }: (typeof orders)[number]): string[] => {
  const time = (row: InviteRecord) => row[sort]?.getTime() ?? Number.POSITIVE_INFINITY
  const less = (a: InviteRecord, b: InviteRecord) => (time(a) === time(b) ? a.id < b.id : time(a) < time(b))
  const sorted = [...rows].sort((a, b) => (less(a, b) ? -1 : 1)).map(row => row.id)
  return descending ? sorted.reverse() : sorted
}

async function walk<Tx>(
  { storage, org }: Room<Tx>,
  fields: Partial<ListQuery>,
  between: (page: number) => Promise<void> = async () => {},
): Promise<string[]> {
  const seen: string[] = []
  const limit = fields.limit ?? 4
  const sort = fields.sort ?? 'createdAt'
  for (let after: ListQuery['after'] = null, page = 0; page < 200; page++) {
    const rows = await storage.lists.invites(listQuery(org, { ...fields, limit, after }))
    expect(rows.length).toBeLessThanOrEqual(limit)
    seen.push(...rows.map(row => row.id))
    const last = rows.at(-1)
    if (!last) return seen
    after = { value: last[sort], id: last.id }
    await between(page)
  }
  throw new Error('the walk does not end')
}

export function walks<Tx>(subject: () => Subject<Tx>): void {
  describe('lists: order and walks', () => {
    test.each(orders)('rows come by $sort, then id, in one direction (descending: $descending)', async order => {
      const room = roomIn(subject())
      const rows = seedRows(room.org)
      await room.write({ made: rows })
      const listed = await room.storage.lists.invites(listQuery(room.org, order))
      expect(listed.map(row => row.id)).toEqual(inOrder(rows, order))
      const first = await room.storage.lists.invites(listQuery(room.org, { ...order, limit: 5 }))
      expect(first).toEqual(listed.slice(0, 5))
    })

    test.each(orders)('a walk by $sort repeats and misses nothing (descending: $descending)', async order => {
      const room = roomIn(subject())
      const rows = seedRows(room.org)
      await room.write({ made: rows })
      for (const limit of [1, 4, 23]) expect(await walk(room, { ...order, limit })).toEqual(inOrder(rows, order))
    })

    test.each(orders)(
      'by $sort, what stood before the walk comes once while others insert (descending: $descending)',
      async order => {
        const room = roomIn(subject())
        const rows = seedRows(room.org)
        await room.write({ made: rows })
        let inserted = 0
        const seen = await walk(room, order, async () => {
          inserted += 2
          if (inserted <= 24) await room.write({ made: seedRows(room.org).slice(inserted % 20, (inserted % 20) + 2) })
        })
        const old = new Set<string>(rows.map(row => row.id))
        expect(seen.filter(id => old.has(id))).toEqual(inOrder(rows, order))
        expect(new Set(seen).size).toBe(seen.length)
      },
    )

    test('changes elsewhere in a row do not move it', async () => {
      const room = roomIn(subject())
      const rows = seedRows(room.org)
      await room.write({ made: rows })
      const seen = await walk(room, {}, async page => {
        const row = rows[(page * 5) % rows.length]!
        await room.write({ changed: [changed(row, { role: 'admin', updatedAt: at(1000 + page) })] })
      })
      expect(seen).toEqual(inOrder(rows, { sort: 'createdAt', descending: false }))
    })

    test('a filter and a page go together', async () => {
      const room = roomIn(subject())
      const rows = seedRows(room.org).map((row, i) => changed(row, { role: i % 2 === 0 ? 'even' : 'odd' }))
      await room.write({ made: rows })
      const even = rows.filter(row => row.role === 'even')
      const order = { sort: 'expiresAt', descending: true } as const
      expect(await walk(room, { ...order, role: 'even', limit: 3 })).toEqual(inOrder(even, order))
    })
  })
}
