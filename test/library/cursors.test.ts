// Cursors are of one list: another's, an old sort's, a changed one are all invalid_cursor.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, worldIn } from './given.ts'

onEveryStorage((given, store) => {
  test('a cursor goes on in its own list and nowhere else', async () => {
    const world = await given()
    const { invites, admin, owner, invite } = world
    const other = await worldIn(store())
    for (const name of ['a', 'b', 'c', 'd']) await invite(name, { send: false })
    const { nextCursor } = await invites.list({ limit: 2 }, admin)
    const cursor = nextCursor ?? ''
    const flip = (at: number) => `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`

    for (const [context, query] of [
      [admin, { cursor, limit: 1 }],
      [owner, { cursor }],
      [world.system, { cursor, include: ['total'] }],
    ] as const) {
      expect((await invites.list(query, context)).data.length).toBeGreaterThan(0)
    }
    for (const query of [
      { cursor, sort: 'createdAt' },
      { cursor, status: 'pending' },
      { cursor, q: 'a' },
      { cursor, created: { from: new Date(0) } },
      { cursor: flip(0) },
      { cursor: flip(cursor.length - 3) },
      { cursor: cursor.slice(0, -2) },
      { cursor: `${cursor}A` },
      { cursor: `${cursor}=` },
      { cursor: 'x' },
      { cursor: 'null' },
      { cursor: Buffer.from('{"offset":2}').toString('base64url') },
    ] as const) {
      expect([query, await codeOf(invites.list(query, admin))]).toEqual([query, 'invalid_cursor'])
    }
    expect(await codeOf(invites.list({ cursor }, other.admin))).toBe('invalid_cursor')
    expect(await codeOf(invites.members.list({ cursor }, admin))).toBe('invalid_cursor')
    const [first] = await world.all()
    expect(await codeOf(invites.history({ id: first?.id ?? '', cursor }, admin))).toBe('invalid_cursor')
  })

  test('a history of more than a page goes on by cursor, and its cursor is of that invite alone', async () => {
    const { invites, invite, admin } = await given()
    const [{ invite: long }, { invite: other }] = [await invite('a', { send: false }), await invite('b', { send: false })]
    for (let turn = 0; turn < 104; turn += 1) await invites.update({ id: long.id, metadata: { turn } }, admin)
    const first = await invites.history({ id: long.id }, admin)
    expect(first.data).toHaveLength(100)
    const cursor = first.nextCursor ?? ''
    const second = await invites.history({ id: long.id, cursor }, admin)
    expect(second).toMatchObject({ nextCursor: null })
    const all = [...first.data, ...second.data]
    expect(all.map(({ type }) => type)).toEqual(['invite.created', ...Array(104).fill('invite.updated')])
    expect(new Set(all.map(({ id }) => id)).size).toBe(105)
    expect(await codeOf(invites.history({ id: other.id, cursor }, admin))).toBe('invalid_cursor')
  })
})
