// The second argument of every call: what it cannot mean is told, instead of a call by somebody else or outside of a
// transaction.
import { expect, test } from 'vitest'
import { on, picture, rejection, tokenIn, type World } from './given.ts'

type Calls = Readonly<Record<string, (context: never) => Promise<unknown>>>

const managing = ({ invites, email }: World, id: string): Calls => ({
  create: context => invites.create({ recipient: { email: email('new') }, role: 'member' }, context),
  createMany: context => invites.createMany({ invites: [] }, context),
  get: context => invites.get({ id }, context),
  list: context => invites.list({}, context),
  each: context => invites.each({}, context)[Symbol.asyncIterator]().next(),
  history: context => invites.history({ id }, context),
  summary: context => invites.summary({}, context),
  link: context => invites.link({ id }, context),
  resend: context => invites.resend({ id }, context),
  revoke: context => invites.revoke({ id }, context),
  update: context => invites.update({ id, role: 'viewer' }, context),
  erase: context => invites.erase({ id }, context),
  'members.add': context => invites.members.add({ userId: 'x', role: 'member' }, context),
  'members.setRole': context => invites.members.setRole({ userId: 'x', role: 'member' }, context),
  'members.remove': context => invites.members.remove({ userId: 'x' }, context),
  'members.get': context => invites.members.get({ userId: 'x' }, context),
  'members.list': context => invites.members.list({}, context),
  'templates.create': context => invites.templates.create({ name: 'x', content: {} }, context),
  'templates.get': context => invites.templates.get({ id }, context),
  'templates.list': context => invites.templates.list({}, context),
  'templates.update': context => invites.templates.update({ id, name: 'x', content: {} }, context),
  'templates.remove': context => invites.templates.remove({ id }, context),
  'templates.preview': context => invites.templates.preview({ content: {} }, context),
})

const answering = ({ invites }: World, token: string): Calls => ({
  preview: context => invites.preview({ token }, context),
  open: context => invites.open({ token }, context),
  accept: context => invites.accept({ token }, context),
  decline: context => invites.decline({ token }, context),
  renew: context => invites.renew({ token }, context),
  mine: context => invites.mine({}, context),
})

const byTheSystem = ({ invites, email }: World): Calls => ({
  'suppressions.add': context => invites.suppressions.add({ email: email('ada') }, context),
  'suppressions.remove': context => invites.suppressions.remove({ email: email('ada') }, context),
  'suppressions.has': context => invites.suppressions.has({ email: email('ada') }, context),
  'erase an address': context => invites.erase({ email: email('ada') }, context),
})

on(['memory'], given => {
  async function start() {
    const world = await given()
    const { invite, link } = await world.invite('ada')
    return { world, id: invite.id, token: tokenIn(link), before: await picture(world) }
  }

  async function refused(calls: Calls, context: object, path: string) {
    for (const [name, call] of Object.entries(calls)) {
      expect([name, await rejection(call(context as never))]).toMatchObject([
        name,
        { code: 'invalid_input', errors: [{ path }] },
      ])
    }
  }

  test('a field that no call knows is refused by every call, with those that there are', async () => {
    const { world, id, token, before } = await start()
    await refused(managing(world, id), { ...world.system, trx: {} }, 'trx')
    await refused(answering(world, token), { ...world.user('ada'), trx: {} }, 'trx')
    await refused(byTheSystem(world), { ...world.system, trx: {} }, 'trx')
    await refused({ touch: context => world.invites.touch({ organizationId: world.org }, context) }, { trx: {} }, 'trx')
    await expect(world.invites.create({} as never, { ...world.admin, trx: {} } as never)).rejects.toThrow(
      "trx is no field of this call's second argument, which takes actor, organizationId, tx, idempotencyKey",
    )
    expect(await picture(world)).toEqual(before)
  })

  test('an organization beside a person is refused by every call, also their own', async () => {
    const { world, id, token, before } = await start()
    for (const organizationId of ['other', world.org]) {
      await refused(managing(world, id), { ...world.owner, organizationId }, 'organizationId')
      await refused(answering(world, token), { ...world.user('ada'), organizationId }, 'organizationId')
    }
    expect(await picture(world)).toEqual(before)
  })

  test('a context without an actor, or that is the actor itself, is unauthenticated, in words for who wrote the call', async () => {
    const { world, id, token, before } = await start()
    const { actor } = world.owner
    const { mine, accept, ...open } = answering(world, token)
    const mistaken = { ...open, touch: (context: never) => world.invites.touch({ organizationId: world.org }, context) }
    for (const [calls, contexts] of [
      [managing(world, id), [undefined, null, {}, actor, 'system']],
      [{ mine, accept }, [undefined, null, {}, actor, 'system']],
      [mistaken, [actor, 'system']],
    ] as const) {
      for (const [name, call] of Object.entries(calls)) {
        for (const context of contexts) {
          const refused = await call?.(context as never).catch(error => ({ name, code: error.code, message: error.message }))
          expect(refused).toEqual({ name, code: 'unauthenticated', message: expect.stringContaining('(input, { actor })') })
        }
      }
    }
    expect(await picture(world)).toEqual(before)
  })

  test('null for nobody is Sign in first; for the context of what a token opens it is nobody', async () => {
    const { world, token } = await start()
    await expect(world.invites.mine({}, { actor: null })).rejects.toThrow('Sign in first.')
    const { preview, open, renew, decline } = answering(world, token)
    for (const call of [preview, open, decline]) await call?.(null as never)
    expect(await rejection(renew?.(null as never) ?? Promise.resolve())).toMatchObject({ code: 'invite_declined' })
    await world.invites.touch({ organizationId: world.org }, null as never)
  })

  test.each([1, 0, 'true', null, new Date(0)])('%o is no word on whether an address is verified', async value => {
    const { world, token } = await start()
    for (const field of ['emailVerified', 'phoneVerified']) {
      const context = world.user('ada', { [field]: value } as never)
      await refused(answering(world, token), context, `actor.${field}`)
    }
  })

  test('suppressions join no transaction, and say so', async () => {
    const { world } = await start()
    const { 'erase an address': _, ...suppressions } = byTheSystem(world)
    await refused(suppressions, { ...world.system, tx: {} }, 'tx')
  })

  test('what else an actor carries is the host’s own', async () => {
    const { world } = await start()
    const context = { actor: { ...world.admin.actor, id: 7, session: { token: 'x' } }, tx: undefined } as const
    expect((await world.invites.list({}, context)).data).toHaveLength(1)
  })
})
