// Limits: numbers or a function of the organization; a refused call writes and sends nothing.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn, worldIn } from './given.ts'

onEveryStorage((given, store) => {
  test('limits.pending counts what is live: 10 of 64 made at once are made', async () => {
    const { invites, admin, email, all } = await given({ limits: { pending: 10 } })
    const calls = Array.from({ length: 64 }, (_, index) =>
      codeOf(invites.create({ recipient: { email: email(`p${index}`) }, role: 'member' }, admin)),
    )
    const codes = await Promise.all(calls)
    expect(codes.filter(code => code === 'ok')).toHaveLength(10)
    expect(new Set(codes)).toEqual(new Set(['ok', 'pending_limit_reached']))
    expect(await all()).toHaveLength(10)
  })

  test('limits.seats: of 12 who accept at once on 5 seats, 5 get in, and the others may still', async () => {
    const { invites, openInvite, user, admin } = await given({ limits: { seats: 5 } })
    const token = tokenIn((await openInvite()).link)
    const accept = (index: number) => codeOf(invites.accept({ token }, user(`p${index}`)))
    const codes = await Promise.all(Array.from({ length: 12 }, (_, index) => accept(index)))
    expect(codes.filter(code => code === 'ok')).toHaveLength(5)
    expect(codes.filter(code => code === 'seat_limit_reached')).toHaveLength(7)
    const { data } = await invites.members.list({}, admin)
    expect(data).toHaveLength(5)
    await invites.members.remove({ userId: data[0]?.userId ?? '' }, admin)
    expect(await accept(codes.indexOf('seat_limit_reached'))).toBe('ok')
  })

  test('one link for one use, taken by 8 at once, makes one member', async () => {
    const { invites, openInvite, invite, user, admin } = await given()
    const open = tokenIn((await openInvite({ maxUses: 1 })).link)
    const own = tokenIn((await invite('ada')).link)
    const accept = (token: string, person: ReturnType<typeof user>) => codeOf(invites.accept({ token }, person))
    const codes = await Promise.all(Array.from({ length: 8 }, (_, index) => accept(open, user(`p${index}`))))
    expect(codes.filter(code => code === 'ok')).toHaveLength(1)
    const twins = await Promise.all(
      Array.from({ length: 8 }, (_, index) => accept(own, user('ada', { userId: `ada-${index}` }))),
    )
    expect(twins.filter(code => code === 'ok')).toHaveLength(1)
    expect((await invites.members.list({}, admin)).data).toHaveLength(2)
  })

  test('an absent limit is none, 0 is a limit, and both bind the system', async () => {
    const none = await given({ limits: { pending: 0 } })
    const call = none.invites.create({ kind: 'open', role: 'member' }, none.system)
    expect(await rejection(call)).toEqual({ code: 'pending_limit_reached', limit: 0 })
    const free = await given({ limits: {} })
    expect(await codeOf(free.invites.create({ kind: 'open', role: 'owner' }, free.system))).toBe('ok')
  })

  test('a function of the organization may be asynchronous, and is asked for each call', async () => {
    const asked: string[] = []
    let pending = 1
    const world = await given({
      limits: async organizationId => {
        asked.push(organizationId)
        return { pending }
      },
    })
    const { invite, invites, admin, org } = world
    await invite('a')
    expect(await codeOf(invite('b'))).toBe('pending_limit_reached')
    pending = 2
    expect(await codeOf(invite('b'))).toBe('ok')
    expect((await invites.summary({}, admin)).pending).toEqual({ used: 2, limit: 2 })
    expect(new Set(asked)).toEqual(new Set([org]))
  })

  test('a function of limits is asked only by calls that a limit stands against', async () => {
    const limits = () => {
      throw new RangeError('the billing service is away')
    }
    const { invites, invite, system, org, store } = await given()
    const [one, two] = [await invite('ada'), await invite('bob')]
    const strict = await worldIn(store, { limits }, org)
    await strict.invites.revoke({ id: one.invite.id }, system)
    await strict.invites.decline({ token: tokenIn(two.link) })
    expect((await strict.all()).map(({ status }) => status).sort()).toEqual(['declined', 'revoked'])
    await expect(strict.invite('cy')).rejects.toThrow(RangeError)
    expect(await codeOf(invites.get({ id: one.invite.id }, system))).toBe('ok')
  })

  test('a function that answers nonsense is told so in a sentence, and nothing is written', async () => {
    for (const answer of [{ pending: -1 }, { seats: Number.NaN }, { bulk: 1.5 }, { pendign: 3 }, undefined, null, 7]) {
      const world = await given({ limits: () => answer as never })
      await expect(world.invite('ada')).rejects.toThrow(/^invitekit: .*limit/)
      expect(world.mailbox.messages).toEqual([])
    }
  })

  test('pendingHoldsSeat: an invite is refused when members and pending invites fill the seats', async () => {
    const { invite, invites, user, admin } = await given({ limits: { seats: 2, pendingHoldsSeat: true } })
    const first = await invite('a')
    await invite('b')
    expect(await rejection(invite('c'))).toEqual({ code: 'seat_limit_reached', limit: 2 })
    await invites.accept({ token: tokenIn(first.link) }, user('a'))
    expect(await codeOf(invite('c'))).toBe('seat_limit_reached')
    await invites.members.remove({ userId: 'a' }, admin)
    expect(await codeOf(invite('c'))).toBe('ok')
  })

  test('perInviterPerDay counts what this inviter made and resent, sent or not, for 24 hours', async () => {
    const world = await given({ limits: { perInviterPerDay: 3 } })
    const { invite, invites, admin, owner, clock, email, system } = world
    const { invite: first } = await invite('a', { send: false })
    clock.advance('1h')
    await invites.resend({ id: first.id }, admin)
    await invite('b')
    const before = await picture(world)
    expect(await rejection(invite('c'))).toEqual({ code: 'rate_limited', limit: 3, retryAfter: 23 * 3600 })
    expect(await codeOf(invites.resend({ id: first.id }, admin))).toBe('rate_limited')
    expect(await picture(world)).toEqual(before)
    for (const [name, context] of [
      ['d', owner],
      ['e', system],
    ] as const) {
      const call = invites.create({ recipient: { email: email(name) }, role: 'member' }, context)
      expect(await codeOf(call)).toBe('ok')
    }
    clock.advance('23h')
    expect(await codeOf(invite('c'))).toBe('ok')
    expect(await codeOf(invite('f'))).toBe('rate_limited')
  })

  test('perRecipientPerDay counts sends over all organizations, and survives revoking', async () => {
    const limits = { perRecipientPerDay: 2 }
    const [world, other] = [await given({ limits }), await worldIn(store(), { limits })]
    const { invite, invites, admin, clock, mailbox } = world
    const address = world.email('ada')
    const { invite: made } = await invite('ada')
    await invites.revoke({ id: made.id }, admin)
    await other.invites.create({ recipient: { email: address }, role: 'member' }, other.admin)
    clock.advance('1s')
    expect(await rejection(invite('ada'))).toEqual({ code: 'rate_limited', limit: 2, retryAfter: 86_399 })
    expect(await codeOf(invite('ada', { send: false }))).toBe('ok')
    expect(mailbox.messages).toHaveLength(1)
    clock.advance('1d')
    const resend = () => invites.resend({ id: pending?.id ?? '' }, admin)
    const pending = (await world.all()).find(({ status }) => status === 'pending')
    expect(await codeOf(resend())).toBe('ok')
    expect(await codeOf(resend())).toBe('ok')
    const before = await picture(world)
    expect(await rejection(resend())).toEqual({ code: 'rate_limited', limit: 2, retryAfter: 86_400 })
    expect(await picture(world)).toEqual(before)
    expect(mailbox.messages).toHaveLength(3)
  })
})
