// The host's own member table: asked before a decision, written inside the accepting transaction.
import { fail } from 'invitekit'
import { expect, test } from 'vitest'
import { codeOf, type Given, on, onEveryStorage, rejection, tokenIn } from './given.ts'

onEveryStorage((given: Given, store) => {
  const hosted = async (options: object = {}) => {
    const table = await store().hostTable()
    const world = await given({ members: table.port as never, ...options })
    const members = async () => [...(await table.members(world.org))].sort()
    const put = (userId: string, role: string, email: string | null = null) =>
      table.put({ organizationId: world.org, userId, role, email })
    await put('admin', 'admin')
    table.calls.length = 0
    return { ...world, table, put, members }
  }

  test('accepting adds to the host’s table, with the invite and its private extra', async () => {
    const { invite, invites, user, table, members } = await hosted()
    const { link } = await invite('ada', { role: 'viewer', extra: { plan: 'pro' } })
    const token = tokenIn(link)
    expect(await invites.accept({ token }, user('ada'))).toMatchObject({ member: { userId: 'ada', role: 'viewer' } })
    expect(await members()).toEqual(['ada viewer', 'admin admin'])
    expect(table.extras).toEqual([{ plan: 'pro' }])
    expect(await invites.accept({ token }, user('ada'))).toMatchObject({ repeated: true, member: { role: 'viewer' } })
    expect(await members()).toHaveLength(2)
  })

  test('an InviteError thrown by add keeps its code, any other error is itself, and both undo all', async () => {
    const { invite, invites, user, table, members, all, history } = await hosted()
    const { invite: made, link } = await invite('ada')
    const before = await all()
    const accept = () => invites.accept({ token: tokenIn(link) }, user('ada'))
    table.refusal = fail('seat_limit_reached', { limit: 7 })
    expect(await rejection(accept())).toEqual({ code: 'seat_limit_reached', limit: 7 })
    table.refusal = new RangeError('the host has its reasons')
    await expect(accept()).rejects.toBe(table.refusal)
    expect(await all()).toEqual(before)
    expect(await members()).toEqual(['admin admin'])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent'])
    table.refusal = null
    expect(await codeOf(accept())).toBe('ok')
  })

  test('who is a member by address is not invited; by user, does not accept again', async () => {
    const { invite, invites, user, put, email, openInvite } = await hosted()
    await put('mia', 'member', email('mia'))
    expect(await codeOf(invite('mia'))).toBe('already_member')
    const { link } = await openInvite()
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('mia')))).toBe('already_member')
  })

  test('a bulk asks findMany once, whatever its size', async () => {
    const { invites, admin, table, put, email } = await hosted()
    await put('mia', 'member', email('p3'))
    table.calls.length = 0
    const many = Array.from({ length: 20 }, (_, index) => ({ recipient: { email: email(`p${index}`) }, send: false }))
    const answer = await invites.createMany({ invites: many, defaults: { role: 'member' } }, admin)
    expect(answer).toMatchObject({ created: 19, skipped: 1 })
    expect(table.calls).toEqual(['findMany 20'])
  })

  test('count is asked only when seats are limited, and binds', async () => {
    const free = await hosted()
    await free.invites.accept({ token: tokenIn((await free.invite('ada')).link) }, free.user('ada'))
    expect(free.table.calls).not.toContain('count')
    const { invite, invites, user, table, members } = await hosted({ limits: { seats: 2 } })
    const [a, b] = [await invite('a'), await invite('b')]
    expect(await codeOf(invites.accept({ token: tokenIn(a.link) }, user('a')))).toBe('ok')
    expect(table.calls).toContain('count')
    expect(await codeOf(invites.accept({ token: tokenIn(b.link) }, user('b')))).toBe('seat_limit_reached')
    expect(await members()).toHaveLength(2)
  })

  test('of 10 who accept at once on 3 seats, 3 are in the host’s table', async () => {
    const { openInvite, invites, user, members } = await hosted({ limits: { seats: 3 } })
    const token = tokenIn((await openInvite()).link)
    const codes = await Promise.all(Array.from({ length: 10 }, (_, n) => codeOf(invites.accept({ token }, user(`p${n}`)))))
    expect(codes.filter(code => code === 'ok')).toHaveLength(2)
    expect(await members()).toHaveLength(3)
  })

  test('an inviter who has left, or whose role no longer suffices, is inviter_unauthorized', async () => {
    const { invite, invites, user, table, org, put, members } = await hosted()
    const { link } = await invite('ada')
    const accept = () => codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))
    await table.remove({ organizationId: org, userId: 'admin' })
    expect(await accept()).toBe('inviter_unauthorized')
    await put('admin', 'viewer')
    expect(await accept()).toBe('inviter_unauthorized')
    await table.remove({ organizationId: org, userId: 'admin' })
    await put('admin', 'admin')
    expect(await accept()).toBe('ok')
    expect(await members()).toContain('ada member')
  })

  test('a find that answers undefined, as rows[0] does, means nobody', async () => {
    const table = await store().hostTable()
    const find = () => undefined as never
    const world = await given({ members: { ...table.port, find, findMany: undefined } as never })
    const { link } = await world.openInvite()
    const call = world.invites.create({ kind: 'open', role: 'member' }, world.system)
    expect(await codeOf(world.invites.accept({ token: tokenIn(link) }, world.user('ada')))).toBe('inviter_unauthorized')
    expect(await codeOf(world.invites.accept({ token: tokenIn((await call).link) }, world.user('ada')))).toBe('ok')
  })

  test('one user at two addresses is a member at both, also when both are asked for at once', async () => {
    const find = ({ email }: { email?: string }) => (email === undefined ? null : { userId: 'mia', role: 'member' })
    const members = { add() {}, count: () => 0, find, findMany: undefined }
    const { invites, admin, email, all } = await given({ members: members as never })
    const bulk = [{ recipient: { email: email('a') } }, { recipient: { email: email('b') } }]
    const { results } = await invites.createMany({ invites: bulk, defaults: { role: 'member' } }, admin)
    expect(results).toMatchObject([{ error: { code: 'already_member' } }, { error: { code: 'already_member' } }])
    expect(await all()).toEqual([])
  })

  test('an answer that is none is told to the host in a sentence, and nothing is written', async () => {
    const accept = async (port: object) => {
      const members = { add() {}, count: () => 0, find: () => null, findMany: undefined, ...port }
      const world = await given({ members: members as never, limits: { seats: 5 } })
      const { link: open } = await world.invites.create({ kind: 'open', role: 'member' }, world.system)
      return world.invites.accept({ token: tokenIn(open) }, world.user('ada'))
    }
    for (const count of ['1', undefined, null, Number.NaN, { n: 1 }, -1, 1n])
      await expect(accept({ count: () => count })).rejects.toThrow(/`members\.count` must answer a whole number/)
    for (const found of ['mia', { user_id: 'mia', role: 'member' }, { userId: 7, role: 'member' }])
      await expect(accept({ find: () => found })).rejects.toThrow(/`members\.find` must answer \{ userId, role \}/)
    expect(await codeOf(accept({}))).toBe('ok')
  })

  test('invites.members writes only the built-in table, and lists what the port lists', async () => {
    const { invites, admin, table } = await hosted()
    await expect(invites.members.add({ userId: 'x', role: 'member' }, admin)).rejects.toThrow(/your own table/)
    await expect(invites.members.remove({ userId: 'x' }, admin)).rejects.toThrow(/your own table/)
    expect(await codeOf(invites.members.list({}, admin))).toBe('unavailable')
    const page = { data: [{ userId: 'x', role: 'member' }], nextCursor: null }
    const asked: unknown[] = []
    const list = (query: object) => {
      asked.push(query)
      return page
    }
    const listing = await given({ members: { ...table.port, list } as never })
    expect(await listing.invites.members.list({ limit: 3 }, listing.admin)).toEqual(page)
    expect(asked).toMatchObject([{ organizationId: listing.org, limit: 3 }])
    expect((await listing.invites.summary({}, listing.admin)).seats.limit).toBeNull()
  })
})

on(['sqlite'], (given, store) => {
  test('an async members function is refused in a sentence, and nothing is written', async () => {
    const table = await store().hostTable()
    const world = await given({ members: { ...table.port, add: async () => {} } as never })
    const call = world.invites.create({ kind: 'open', role: 'member' }, world.system)
    const accept = world.invites.accept({ token: tokenIn((await call).link) }, world.user('ada'))
    await expect(accept).rejects.toThrow(/must be synchronous/)
    expect(await world.all()).toMatchObject([{ useCount: 0 }])
  })
})
