// An actor manages only its own organization's invites, and nobody grants a role that they may not grant, by any path.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn, type World, worldIn } from './given.ts'

type Caller = World['admin'] | World['system']

/** Every call that names an invite by its id, to manage it. */
const byId = ({ invites }: World, id: string, context: Caller): Record<string, () => Promise<unknown>> => ({
  get: () => invites.get({ id }, context),
  history: () => invites.history({ id }, context),
  link: () => invites.link({ id }, context),
  resend: () => invites.resend({ id, rotate: true }, context),
  revoke: () => invites.revoke({ id }, context),
  update: () => invites.update({ id, role: 'viewer' }, context),
  erase: () => invites.erase({ id }, context),
})

onEveryStorage((given, store) => {
  test("another organization's invite is invite_not_found for every call, and unchanged", async () => {
    const [world, other] = [await given(), await worldIn(store())]
    const { invite } = await world.invite('ada')
    const before = await picture(world)
    for (const context of [other.owner, other.system]) {
      for (const [name, call] of Object.entries(byId(world, invite.id, context))) {
        expect([name, await codeOf(call())]).toEqual([name, 'invite_not_found'])
      }
    }
    expect(await picture(world)).toEqual(before)
    expect(await other.invites.list({ include: ['total'] }, other.owner)).toEqual({ data: [], nextCursor: null, total: 0 })
    expect((await other.invites.list({ email: world.email('ada') }, other.owner)).data).toEqual([])
    expect((await other.invites.summary({}, other.owner)).statuses.pending).toBe(0)
    expect((await picture(other))['revision']).toBe(0)
  })

  test('what is no UUID, or nobody’s, is invite_not_found as well', async () => {
    const world = await given()
    const ids = [
      'x',
      '',
      '1',
      'null',
      '../..',
      "' or 1=1",
      '00000000-0000-7000-8000-000000000000',
      '\u0000',
      '🐎',
      'a'.repeat(5000),
    ]
    for (const id of ids) {
      for (const [name, call] of Object.entries(byId(world, id, world.owner))) {
        expect([name, id, await codeOf(call())]).toEqual([name, id, 'invite_not_found'])
      }
      expect(await codeOf(world.invites.accept({ id }, world.user('ada')))).toBe('invite_not_found')
      expect(await codeOf(world.invites.decline({ id }, world.user('ada')))).toBe('invite_not_found')
    }
  })

  test('the same address may be invited by two organizations; each sees and counts its own', async () => {
    const limits = { pending: 1, seats: 1 }
    const [world, other] = [await given({ limits }), await worldIn(store(), { limits })]
    const email = world.email('ada')
    const first = await world.invite('ada')
    const second = await other.invites.create({ recipient: { email }, role: 'viewer' }, other.admin)
    await world.invites.accept({ token: tokenIn(first.link) }, world.user('ada'))
    await other.invites.accept({ token: tokenIn(second.link) }, world.user('ada'))
    for (const [each, role] of [
      [world, 'member'],
      [other, 'viewer'],
    ] as const) {
      expect((await each.invites.members.list({}, each.owner)).data).toMatchObject([{ userId: 'ada', role }])
    }
  })

  test('an organization beside an actor is refused, and neither of the two gets the invite', async () => {
    const [world, other] = [await given(), await worldIn(store())]
    const context = { ...other.admin, organizationId: world.org } as never
    const call = world.invites.create({ recipient: { email: world.email('ada') }, role: 'member' }, context)
    expect(await rejection(call)).toMatchObject({ code: 'invalid_input', errors: [{ path: 'organizationId' }] })
    expect([await world.all(), await other.all()]).toEqual([[], []])
  })

  test('nobody grants a role that they may not grant, by any path', async () => {
    const world = await given()
    const { invites, admin, owner, email, invite } = world
    const higher = await invites.create({ recipient: { email: email('boss') }, role: 'admin' }, owner)
    const { invite: lower } = await invite('ada')
    const before = await picture(world)
    const recipient = { email: email('new') }
    const paths: Record<string, () => Promise<unknown>> = {
      create: () => invites.create({ recipient, role: 'admin' }, admin),
      'create an open one': () => invites.create({ kind: 'open', role: 'owner' }, admin),
      'update to it': () => invites.update({ id: lower.id, role: 'admin' }, admin),
      'update from it': () => invites.update({ id: higher.invite.id, role: 'member' }, admin),
      resend: () => invites.resend({ id: higher.invite.id }, admin),
      revoke: () => invites.revoke({ id: higher.invite.id }, admin),
      erase: () => invites.erase({ id: higher.invite.id }, admin),
      link: () => invites.link({ id: higher.invite.id }, admin),
      'add a member': () => invites.members.add({ userId: 'x', role: 'admin' }, admin),
      'return what waits': () =>
        invites.create({ recipient: { email: email('boss') }, role: 'member', ifPending: 'return' }, admin),
      'resend over what waits': () =>
        invites.create({ recipient: { email: email('ada') }, role: 'admin', ifPending: 'resend' }, admin),
    }
    for (const [path, call] of Object.entries(paths)) expect([path, await codeOf(call())]).toEqual([path, 'role_not_grantable'])
    const items = [
      { recipient, role: 'admin' },
      { recipient: { email: email('ada') }, role: 'owner', ifPending: 'resend' as const },
    ]
    const { results } = await invites.createMany({ invites: items }, admin)
    expect(results.map(({ error }) => error?.code)).toEqual(['role_not_grantable', 'role_not_grantable'])
    expect(await picture(world)).toEqual(before)
  })

  test('a role that grants nothing, an unknown role and no role may do nothing', async () => {
    const world = await given()
    const { invites, invite, org, email } = world
    const { invite: made } = await invite('ada')
    const before = await picture(world)
    for (const role of ['viewer', 'member', 'superadmin', 'constructor', '__proto__', '', null, undefined, 7, ['owner']]) {
      const context = { actor: { userId: 'eve', organizationId: org, role } } as never
      const calls = {
        ...byId(world, made.id, context),
        create: () => invites.create({ recipient: { email: email('new') }, role: 'viewer' }, context),
        list: () => invites.list({}, context),
        summary: () => invites.summary({}, context),
        members: () => invites.members.list({}, context),
      }
      for (const [name, call] of Object.entries(calls))
        expect([role, name, await codeOf(call())]).toEqual([role, name, 'forbidden'])
    }
    await expect(invites.list({}, world.staff('Owner'))).rejects.toThrow(
      'the actor has the role "Owner", which is none of `roles`: owner, admin, member, viewer',
    )
    expect(await picture(world)).toEqual(before)
  })

  test('without an actor every call is unauthenticated; without an organization it is forbidden', async () => {
    const world = await given()
    const { invite } = await world.invite('ada')
    const before = await picture(world)
    for (const [context, code] of [
      [undefined, 'unauthenticated'],
      [null, 'unauthenticated'],
      [{}, 'unauthenticated'],
      [{ actor: null }, 'unauthenticated'],
      [{ actor: 'admin' }, 'unauthenticated'],
      [{ actor: [] }, 'unauthenticated'],
      [{ actor: { userId: 'u', role: 'owner' } }, 'forbidden'],
      [{ actor: { userId: 'u', role: 'owner', organizationId: '' } }, 'forbidden'],
      [{ actor: { role: 'owner', organizationId: world.org } }, 'invalid_input'],
      [{ actor: { userId: 'u', role: 'owner', organizationId: ['a'] } }, 'invalid_input'],
      [{ actor: 'system' }, 'invalid_input'],
      [{ actor: 'system', organizationId: 7 }, 'invalid_input'],
    ] as const) {
      const calls = {
        ...byId(world, invite.id, context as never),
        create: () => world.invites.create({ kind: 'open', role: 'member' }, context as never),
        list: () => world.invites.list({}, context as never),
      }
      for (const [name, call] of Object.entries(calls))
        expect([context, name, await codeOf(call())]).toEqual([context, name, code])
    }
    expect(await picture(world)).toEqual(before)
  })
})
