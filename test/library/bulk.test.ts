// Many invites in one commit: each has its own outcome.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, type World } from './given.ts'

const bulk = (world: World, input: { invites: readonly unknown[]; defaults?: object; dryRun?: boolean }) =>
  world.invites.createMany(input as never, world.admin)

onEveryStorage(given => {
  test('each has its own outcome: created, skipped, rejected, in the order of the input', async () => {
    const world = await given()
    const { email, invite, invites, admin, mailbox, all } = world
    await invites.members.add({ userId: 'mia', role: 'member', email: email('mia') }, admin)
    const waiting = await invite('bob')
    mailbox.clear()
    const answer = await bulk(world, {
      defaults: { role: 'member', metadata: { from: 'csv' }, expiresIn: '1d' },
      invites: [
        { recipient: { email: email('ada') }, externalId: '1' },
        { recipient: { email: email('mia') } },
        { recipient: { email: email('bob') } },
        { recipient: { email: 'no address' } },
        { recipient: { email: email('cy') }, role: 'owner' },
        { recipient: { email: email('di') }, role: 'nobody' },
        { recipient: { email: email('ada').toUpperCase() } },
        { recipient: { email: email('eve') }, role: 'viewer', metadata: { own: true }, expiresIn: null },
        { kind: 'open' },
        'nonsense',
      ],
    })
    expect(answer).toMatchObject({ created: 2, skipped: 3, rejected: 5 })
    const outcomes = answer.results.map(({ index, outcome, error }) => [index, outcome, error?.code])
    expect(outcomes).toEqual([
      [0, 'created', undefined],
      [1, 'skipped', 'already_member'],
      [2, 'skipped', 'already_invited'],
      [3, 'rejected', 'invalid_input'],
      [4, 'rejected', 'role_not_grantable'],
      [5, 'rejected', 'role_unknown'],
      [6, 'skipped', 'already_invited'],
      [7, 'created', undefined],
      [8, 'rejected', 'invalid_input'],
      [9, 'rejected', 'invalid_input'],
    ])
    const [ada, , bob, , , , twin, eve] = answer.results
    expect(bob?.error).toEqual({ code: 'already_invited', existingId: waiting.invite.id })
    expect(twin?.error).toEqual({ code: 'already_invited', existingId: ada?.invite?.id })
    expect(answer.results[3]?.error).toMatchObject({ errors: [{ path: 'invites.3.recipient.email' }] })
    expect(answer.results[9]?.error).toMatchObject({ errors: [{ path: 'invites.9' }] })
    expect(ada?.invite).toMatchObject({ role: 'member', metadata: { from: 'csv' }, externalId: '1' })
    expect(eve?.invite).toMatchObject({ role: 'viewer', metadata: { own: true }, expiresAt: null })
    expect(mailbox.messages.map(({ to, link }) => [to, link]).sort()).toEqual([
      [email('ada'), ada?.link],
      [email('eve'), eve?.link],
    ])
    expect(await all()).toHaveLength(3)
  })

  test('dryRun decides and answers the same, and writes and sends nothing', async () => {
    const world = await given({ limits: { pending: 2 } })
    const { email, mailbox } = world
    const input = {
      defaults: { role: 'member' },
      invites: ['a', 'b', 'c'].map(name => ({ recipient: { email: email(name) } })),
    }
    const before = await picture(world)
    const dry = await bulk(world, { ...input, dryRun: true })
    expect(await picture(world)).toEqual(before)
    expect(mailbox.messages).toEqual([])
    expect(dry).toMatchObject({ created: 2, skipped: 0, rejected: 1 })
    expect(dry.results.every(({ link, invite }) => link === undefined && invite === undefined)).toBe(true)
    const wet = await bulk(world, input)
    const outcomesOf = ({ results }: typeof dry) => results.map(({ outcome, error }) => [outcome, error])
    expect(outcomesOf(wet)).toEqual(outcomesOf(dry))
  })

  test('what is over a limit is rejected item by item, and what fits is made', async () => {
    const world = await given({ limits: { pending: 4, perInviterPerDay: 3 } })
    const { email, invite, all } = world
    await invite('first')
    const answer = await bulk(world, {
      defaults: { role: 'member' },
      invites: ['a', 'b', 'c', 'd'].map(name => ({ recipient: { email: email(name) } })),
    })
    const codes = answer.results.map(({ error }) => error?.code)
    expect(codes).toEqual([undefined, undefined, 'rate_limited', 'rate_limited'])
    expect(await all()).toHaveLength(3)
  })

  test('ifPending says otherwise: returned or sent again, for each or for all', async () => {
    const world = await given()
    const { email, invite, history } = world
    const [a, b, c] = [await invite('a'), await invite('b'), await invite('c')]
    const answer = await bulk(world, {
      defaults: { role: 'member', ifPending: 'return' },
      invites: [
        { recipient: { email: email('a') } },
        { recipient: { email: email('b') }, ifPending: 'resend' },
        { recipient: { email: email('c') }, ifPending: 'error' },
      ],
    })
    expect(answer).toMatchObject({ created: 0, skipped: 1, rejected: 0 })
    expect(answer.results.map(({ outcome, link }) => [outcome, link])).toEqual([
      ['existing', a.link],
      ['resent', b.link],
      ['skipped', undefined],
    ])
    expect(await history(a.invite.id)).toEqual(['invite.created', 'invite.sent'])
    expect(await history(b.invite.id)).toEqual(['invite.created', 'invite.sent', 'invite.resent', 'invite.sent'])
    expect(await history(c.invite.id)).toEqual(['invite.created', 'invite.sent'])
  })

  test('a bulk has 1 to 50 invites, or as many as limits.bulk says', async () => {
    const world = await given()
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ recipient: { email: world.email(`p${index}`) }, send: false }))
    const before = await picture(world)
    expect(await rejection(bulk(world, { defaults: { role: 'member' }, invites: many(51) }))).toEqual({
      code: 'bulk_too_large',
      limit: 50,
    })
    expect(await rejection(bulk(world, { invites: [] }))).toMatchObject({
      code: 'invalid_input',
      errors: [{ path: 'invites' }],
    })
    expect(await picture(world)).toEqual(before)
    expect(await bulk(world, { defaults: { role: 'member' }, invites: many(50) })).toMatchObject({ created: 50 })
    const small = await given({ limits: { bulk: 2 } })
    expect(await codeOf(bulk(small, { defaults: { role: 'member' }, invites: many(3) }))).toBe('bulk_too_large')
  })

  test('a role that grants nothing makes none, not even in a bulk', async () => {
    const { invites, member, email, all } = await given()
    const answer = await invites.createMany({ invites: [{ recipient: { email: email('ada') }, role: 'member' }] }, member)
    expect(answer.results).toMatchObject([{ outcome: 'rejected', error: { code: 'forbidden' } }])
    expect(await all()).toEqual([])
  })
})
