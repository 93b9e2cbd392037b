// Forgetting a person: ids and counts stay, nothing personal does.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn, type World, worldIn } from './given.ts'

const word = () => `zq${Math.random().toString(36).slice(2, 10)}q`

/** Everything about a person that can be given to an invite, each a word that is nowhere else. */
function secrets(world: World, email: string, phone: string) {
  const words = Array.from({ length: 6 }, word)
  const [full, first, last, meta, extra, external] = words
  const recipient = { email, phone, fullName: full, firstName: first, lastName: last, locale: 'tlh' }
  const terms = { metadata: { note: meta }, extra: { note: extra }, externalId: external, template: { sms: { body: full } } }
  const make = () => world.invites.create({ recipient, role: 'member', ...terms } as never, world.admin)
  return { make, personal: [...words, email, email.toLowerCase(), phone, 'tlh'] }
}

const phoneNumber = () => `+49151${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}71`
const leftIn = (text: string, words: readonly (string | undefined)[]) => words.filter(each => each && text.includes(each))

onEveryStorage((given, store) => {
  test('erasing by id leaves the row, its id and its counts, and no personal data in any table', async () => {
    const world = await given()
    const { invites, admin, history, clock } = world
    const { make, personal } = secrets(world, `${word()}@example.com`, phoneNumber())
    const { invite, link } = await make()
    await invites.open({ token: tokenIn(link) })
    await invites.decline({ token: tokenIn(link), reason: personal[0] })
    expect(leftIn(await store().dump(), personal)).not.toEqual([])
    clock.advance('1h')
    expect(await invites.erase({ id: invite.id }, admin)).toEqual({ erased: 1 })
    expect(leftIn(await store().dump(), personal)).toEqual([])
    const after = await invites.get({ id: invite.id }, admin)
    expect(after).toMatchObject({
      id: invite.id,
      inviteeId: invite.inviteeId,
      status: 'declined',
      declineReason: null,
      recipient: { email: null, phone: null, fullName: null, firstName: null, lastName: null, locale: null },
      metadata: {},
      externalId: null,
      sendCount: 1,
      createdAt: invite.createdAt,
    })
    expect((await history(invite.id)).at(-1)).toBe('invite.erased')
    const before = await picture(world)
    expect(await invites.erase({ id: invite.id }, admin)).toEqual({ erased: 1 })
    expect(await picture(world)).toEqual(before)
  })

  test('erasing by address is for the system, and reaches every organization and state', async () => {
    const [world, other, third] = [await given(), await worldIn(store()), await worldIn(store())]
    const email = `${word()}@example.com`
    const pending = secrets(world, email, phoneNumber())
    const revoked = secrets(other, email.toUpperCase(), phoneNumber())
    const expired = secrets(third, email, phoneNumber())
    const made = [await pending.make(), await revoked.make(), await expired.make()]
    await other.invites.revoke({ id: made[1]?.invite.id ?? '', reason: revoked.personal[1] }, other.admin)
    third.clock.advance('7d')
    await third.invites.sweep()

    for (const context of [world.admin, world.owner]) {
      expect(await codeOf(world.invites.erase({ email }, context))).toBe('forbidden')
    }
    const words = [pending, revoked, expired].flatMap(({ personal }) => personal)
    expect(await world.invites.erase({ email }, { actor: 'system' })).toEqual({ erased: 3 })
    expect(leftIn(await store().dump(), words)).toEqual([])
    expect(await world.invites.erase({ email }, { actor: 'system' })).toEqual({ erased: 0 })
    expect(await world.all()).toMatchObject([{ status: 'revoked', revokedBy: null }])
    expect((await world.invite('next')).outcome).toBe('created')
  })

  test('erasing by address for an organization takes it from its members without an invite, who stay what they are', async () => {
    const [world, other] = [await given(), await worldIn(store())]
    const { members } = world.invites
    const email = `${word()}@example.com`
    for (const { invites, system } of [world, other])
      await invites.members.add({ userId: 'ada', role: 'member', email: email.toUpperCase() }, system)
    await members.add({ userId: 'bob', role: 'viewer', email: world.email('bob') }, world.system)
    const people = async () => (await members.list({}, world.system)).data
    expect(await codeOf(world.invites.erase({ email }, { actor: 'system', organizationId: '' }))).toBe('invalid_input')
    const [erased, changed] = await Promise.all([
      world.invites.erase({ email }, world.system),
      members.setRole({ userId: 'ada', role: 'admin' }, world.system),
    ])
    expect([erased, changed.member.role]).toEqual([{ erased: 0 }, 'admin'])
    expect(await people()).toEqual([
      { userId: 'ada', role: 'admin', email: null },
      { userId: 'bob', role: 'viewer', email: world.email('bob') },
    ])
    expect(leftIn(await store().dump(), [email])).toEqual([email])
    const before = await picture(world)
    await world.invites.erase({ email }, world.system)
    expect(await picture(world)).toEqual(before)
    await other.invites.members.remove({ userId: 'ada' }, other.system)
    await other.invites.erase({ email }, other.system)
    expect(leftIn(await store().dump(), [email])).toEqual([])
  })

  test('erasing by phone finds who has only a phone', async () => {
    const { invites, admin, all } = await given()
    const phone = phoneNumber()
    await invites.create({ recipient: { phone }, role: 'member' }, admin)
    expect(await invites.erase({ phone: `${phone.slice(0, 5)} ${phone.slice(5)}` }, { actor: 'system' })).toEqual({ erased: 1 })
    expect(await all()).toMatchObject([{ recipient: { phone: null }, status: 'revoked' }])
  })

  test('what waited to be sent is not sent any more, and answers kept under a key name nobody', async () => {
    const world = await given({ transports: { email: { send: () => Promise.reject(new Error('down')) } } })
    const { invites, admin, email, clock } = world
    const context = { ...admin, idempotencyKey: 'k' }
    const input = { recipient: { email: email('ada') }, role: 'member' }
    const { invite } = await invites.create(input, context)
    await invites.erase({ id: invite.id }, admin)
    clock.advance('2d')
    const later = await worldIn(store(), {}, world.org)
    later.clock.set(clock.now())
    await later.invites.relay.drain()
    expect(later.mailTo('ada')).toEqual([])
    expect((await invites.get({ id: invite.id }, admin)).deliveries.filter(({ status }) => status === 'queued')).toEqual([])
    expect(leftIn(await store().dump(), [email('ada')])).toEqual([])
  })

  test('after an open invite is erased, nobody gets in, and those who did stay members', async () => {
    const { openInvite, invites, admin, user } = await given()
    const { invite, link } = await openInvite()
    await invites.accept({ token: tokenIn(link) }, user('ada'))
    await invites.erase({ id: invite.id }, admin)
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('bob')))).toBe('invite_revoked')
    expect((await invites.members.list({}, admin)).data).toHaveLength(1)
  })

  test('exactly one of id, email and phone; who may not revoke may not erase', async () => {
    const world = await given()
    const { invites, admin, member, invite, owner, email } = world
    const { invite: made } = await invite('ada')
    const higher = await invites.create({ recipient: { email: email('bob') }, role: 'admin' }, owner)
    const before = await picture(world)
    const refused = (input: object, context: object = admin) => rejection(invites.erase(input as never, context as never))
    expect(await refused({})).toMatchObject({ code: 'invalid_input' })
    expect(await refused({ id: made.id, email: email('ada') })).toMatchObject({ code: 'invalid_input' })
    expect(await refused({ email: 'a,b@example.com' }, { actor: 'system' })).toMatchObject({ errors: [{ path: 'email' }] })
    expect(await refused({ id: made.id }, member)).toEqual({ code: 'forbidden' })
    expect(await refused({ id: higher.invite.id })).toEqual({ code: 'role_not_grantable', role: 'admin' })
    expect(await picture(world)).toEqual(before)
  })
})
