// Who wants no more messages, on every storage: by the link in a mail, by an answer to an SMS, by the host.
import type { Choice } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { createTestInvites } from 'invitekit/testing'
import { expect, test } from 'vitest'
import { codeOf, on, onEveryStorage, picture, rejection, tokenIn, type World, worldIn } from './given.ts'

const [first, second] = ['5a'.repeat(32), '5b'.repeat(32)]

/** What stands at the end of the unsubscribe link of the newest mail. */
const signedIn = ({ mailbox }: World) => /\/u\/([\w-]+)>$/.exec(mailbox.last().headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
const statuses = async ({ invites, system }: World, id: string) =>
  (await invites.get({ id }, system)).deliveries.map(({ channel, status }) => `${channel} ${status}`)

onEveryStorage((given, store) => {
  test('whoever unsubscribes gets nothing more: the invite is made, its link answered, its delivery suppressed', async () => {
    const world = await given()
    const { invite, invites, mailTo, history, system } = world
    const { invite: before } = await invite('ada')
    const signed = signedIn(world)
    await invites.suppressions.unsubscribe({ signed })
    await invites.suppressions.unsubscribe({ signed })
    await invites.resend({ id: before.id }, system)
    expect(await statuses(world, before.id)).toEqual(['email sent', 'email suppressed'])
    await invites.revoke({ id: before.id }, system)
    const { invite: next, link } = await invite('ada')
    expect(tokenIn(link)).toHaveLength(48)
    expect((await invites.get({ id: next.id }, system)).deliveries).toMatchObject([
      { status: 'suppressed', failure: 'the recipient wants no more messages from this organization', sentAt: null },
    ])
    expect(mailTo('ada')).toHaveLength(1)
    expect(await history(next.id)).toEqual(['invite.created'])
    expect((await invites.summary({}, system)).problems).toBe(0)
    expect((await invite('bob')).invite.deliveries).toHaveLength(1)
    expect(mailTo('bob')).toHaveLength(1)
  })

  test('the link shows whom it is for, masked; it is no token, and a token is none; a forged one changes nothing', async () => {
    const world = await given({ directory: { organization: () => ({ name: 'Acme' }) } })
    const { invite, invites, org } = world
    const { invite: made, link } = await invite('ada', { recipient: { email: `ada@${org}.example.com`, locale: 'de' } })
    const signed = signedIn(world)
    expect(await invites.suppressions.preview({ signed })).toEqual({
      organization: { id: org, name: 'Acme' },
      recipient: `a…@${org}.example.com`,
      locale: 'de',
      suppressed: false,
    })
    const before = await picture(world)
    const forged = [tokenIn(link), signed.slice(1), `${signed.slice(0, -1)}${signed.endsWith('A') ? 'B' : 'A'}`, made.id]
    for (const each of forged) {
      expect(await codeOf(invites.suppressions.unsubscribe({ signed: each }))).toBe('invite_not_found')
      expect(await codeOf(invites.suppressions.preview({ signed: each }))).toBe('invite_not_found')
      expect(await codeOf(invites.suppressions.resubscribe({ signed: each }))).toBe('invite_not_found')
    }
    expect(await codeOf(invites.preview({ token: signed }))).toBe('invite_not_found')
    expect(await rejection(invites.suppressions.preview({ signed: 7 as unknown as string }))).toMatchObject({
      code: 'invalid_input',
    })
    expect(await picture(world)).toEqual(before)
    expect((await invites.suppressions.preview({ signed })).suppressed).toBe(false)
  })

  test('once erased the link still works, both ways', async () => {
    const world = await given()
    const { invite, invites, email, system } = world
    const { invite: made } = await invite('ada')
    const signed = signedIn(world)
    await invites.erase({ id: made.id }, system)
    expect(await invites.suppressions.preview({ signed })).toMatchObject({ recipient: null, locale: null, suppressed: false })
    await invites.suppressions.unsubscribe({ signed })
    expect(await invites.suppressions.has({ email: email('ada') }, system)).toBe(true)
    expect((await invites.suppressions.preview({ signed })).suppressed).toBe(true)
    await invites.suppressions.resubscribe({ signed })
    expect(await invites.suppressions.has({ email: email('ada') }, system)).toBe(false)
  })

  test('suppressed stays suppressed across a rotation of the keys, and longer than the old key', async () => {
    const world = await given({ keys: [first] })
    const { invite, invites, mailTo, org } = world
    const { invite: made } = await invite('ada')
    const signed = signedIn(world)
    await invites.suppressions.unsubscribe({ signed })

    const rotated = await worldIn(store(), { keys: [second, first] }, org)
    expect((await rotated.invites.suppressions.preview({ signed })).suppressed).toBe(true)
    await rotated.invites.resend({ id: made.id }, rotated.system)
    expect(await statuses(rotated, made.id)).toEqual(['email sent', 'email suppressed'])

    const later = await worldIn(store(), { keys: [second] }, org)
    expect(await codeOf(later.invites.suppressions.preview({ signed }))).toBe('invite_not_found')
    await later.invites.resend({ id: made.id }, later.system)
    expect((await statuses(later, made.id)).at(-1)).toBe('email suppressed')
    expect([mailTo('ada').length, rotated.mailTo('ada').length, later.mailTo('ada').length]).toEqual([1, 0, 0])

    await rotated.invites.suppressions.remove({ email: world.email('ada') }, rotated.system)
    await rotated.invites.resend({ id: made.id }, rotated.system)
    expect(rotated.mailTo('ada')).toHaveLength(1)
  })

  test('a link made under a new key ends what an old mail started, and takes it back', async () => {
    const world = await given({ keys: [first] })
    const { invite: made } = await world.invite('ada')
    const old = signedIn(world)
    const rotated = await worldIn(store(), { keys: [second, first] }, world.org)
    await rotated.invites.resend({ id: made.id }, rotated.system)
    const signed = signedIn(rotated)
    expect(signed).not.toBe(old)
    const { preview: look, unsubscribe: stop, resubscribe: resume } = rotated.invites.suppressions
    await stop({ signed: old })
    expect([(await look({ signed })).suppressed, (await look({ signed: old })).suppressed]).toEqual([true, true])
    await resume({ signed })
    expect([(await look({ signed })).suppressed, (await look({ signed: old })).suppressed]).toEqual([false, false])
  })

  test('the host adds, asks and removes; nobody else does', async () => {
    const world = await given()
    const { invites, system, admin, email, org } = world
    const { suppressions } = invites
    const address = { email: email('Ada').toUpperCase() }
    await suppressions.add(address, system)
    expect(await suppressions.has({ email: email('ada') }, system)).toBe(true)
    const { invite } = await world.invite('ada')
    expect(await statuses(world, invite.id)).toEqual(['email suppressed'])
    await suppressions.remove({ email: email('ADA') }, system)
    expect(await suppressions.has(address, system)).toBe(false)
    await suppressions.add({ phone: '+49 1511 2345678' }, system)
    expect(await suppressions.has({ phone: '+4915112345678' }, system)).toBe(true)
    const forbidden = [suppressions.add, suppressions.remove, suppressions.has].map(call =>
      codeOf(call(address, admin as never)),
    )
    expect(await Promise.all(forbidden)).toEqual(['forbidden', 'forbidden', 'forbidden'])
    const paths = async (input: object, context: object = system) => {
      const told = await rejection(suppressions.add(input as { email: string }, context as typeof system))
      return told?.code === 'invalid_input' ? told.errors.map(({ path }) => path) : told
    }
    expect([await paths({}), await paths({ ...address, phone: '+49' }), await paths({ email: 'ada' })]).toEqual([
      [''],
      [''],
      ['email'],
    ])
    expect([await paths({ mail: org }), await paths(address, { actor: 'system' })]).toEqual([['mail'], ['organizationId']])
  })

  test('STOP to an SMS ends them in every organization that invites the number; START takes it back', async () => {
    const phone = `+4915${Math.floor(1e8 + Math.random() * 9e8)}`
    const say = { choices: [] as Choice[] }
    const transports = { sms: { send: async () => ({}), receive: () => ({ reports: [], choices: say.choices }) } }
    const [one, other, third] = [await given({ transports }), await given({ transports }), await given({ transports })]
    const make = async ({ invites, system }: World) =>
      (await invites.create({ recipient: { phone }, role: 'member' }, system)).invite.id
    const ids = [await make(one), await make(other)] as const
    const answer = async (choices: Choice[]) => {
      say.choices = choices
      const request = { url: 'https://x.example', method: 'POST', headers: new Headers(), body: new Uint8Array() }
      expect(await one.invites.receive({ transport: 'sms', ...request })).toBe('taken')
    }
    await answer([{ phone: '12345', wants: false }])
    await answer([{ phone, wants: false }])
    for (const [world, id] of [
      [one, ids[0]],
      [other, ids[1]],
    ] as const) {
      await world.invites.resend({ id }, world.system)
      expect(await statuses(world, id)).toEqual(['sms sent', 'sms suppressed'])
    }
    expect(await statuses(third, await make(third))).toEqual(['sms sent'])
    await answer([{ phone, wants: true }])
    await other.invites.resend({ id: ids[1] }, other.system)
    expect((await statuses(other, ids[1])).at(-1)).toBe('sms sent')
  })

  test('a provider that says at once that the recipient has opted out: suppressed, and not asked again', async () => {
    const tries: string[] = []
    const send = async ({ to }: { readonly to: string }) => {
      tries.push(to)
      throw Object.assign(new Error('no'), { permanent: true, failure: 'opted out (21610)', optedOut: true })
    }
    const world = await given({ transports: { email: { send } } })
    const { invite: made } = await world.invite('ada')
    expect((await world.invites.get({ id: made.id }, world.system)).deliveries).toMatchObject([
      { status: 'suppressed', failure: 'opted out (21610)' },
    ])
    await world.invites.resend({ id: made.id }, world.system)
    expect([await statuses(world, made.id), tries.length]).toEqual([['email suppressed', 'email suppressed'], 1])
  })
})

on(['sqlite', 'postgres'], (given, store) => {
  test('no address is kept for it: neither in clear nor as a hash without the key', async () => {
    const world = await given()
    await world.invites.suppressions.add({ email: 'very.rare.name@example.com' }, world.system)
    expect(await world.invites.suppressions.has({ email: 'very.rare.name@example.com' }, world.system)).toBe(true)
    expect(await store().dump()).not.toContain('very.rare.name')
  })
})

test('only organizations that have suppressions are asked about them', async () => {
  const storage = memoryStorage()
  const asked: string[][] = []
  const find: typeof storage.suppressions.find = those => {
    asked.push(those.map(({ organizationId }) => organizationId))
    return storage.suppressions.find(those)
  }
  const { invites, mailbox } = await createTestInvites({
    storage: { ...storage, suppressions: { ...storage.suppressions, find } },
  })
  const system = (organizationId: string) => ({ actor: 'system', organizationId }) as const
  await invites.suppressions.add({ email: 'eve@example.com' }, system('acme'))
  const ada = { recipient: { email: 'ada@example.com' }, role: 'member' } as const
  await invites.create(ada, system('globex'))
  expect(asked).toEqual([])
  await invites.create(ada, system('acme'))
  expect([asked, mailbox.messages.length]).toEqual([[['acme']], 2])
})
