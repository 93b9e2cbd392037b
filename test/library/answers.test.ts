// Who may answer an invite, and how: accept, decline, find the ones that got lost, ask for a new one.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn, worldIn } from './given.ts'

onEveryStorage((given, store) => {
  test('accepting makes one member; accepting twice by the same person is one acceptance', async () => {
    const world = await given()
    const { invite, invites, user, admin, history, clock } = world
    const { invite: made, link } = await invite('ada', { role: 'viewer' })
    const token = tokenIn(link)
    const answer = await invites.accept({ token }, user('ada'))
    expect(answer).toMatchObject({
      repeated: false,
      member: { userId: 'ada', role: 'viewer' },
      invite: { id: made.id, status: 'accepted', acceptedBy: 'ada', acceptedAt: clock.now(), useCount: 1 },
    })
    const before = await picture(world)
    expect(await invites.accept({ token }, user('ada'))).toEqual({ ...answer, repeated: true })
    expect(await invites.accept({ id: made.id }, user('ada'))).toMatchObject({ repeated: true })
    expect(await picture(world)).toEqual(before)
    expect((await invites.members.list({}, admin)).data).toEqual([{ userId: 'ada', role: 'viewer', email: world.email('ada') }])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.accepted'])
  })

  test('the wrong account hears whom it is for, masked, and the invite is not burned; so does an unverified one', async () => {
    const world = await given()
    const { invite, invites, user, email } = world
    const token = tokenIn((await invite('ada')).link)
    const before = await picture(world)
    const recipient = email('ada').replace('ada', 'a…')
    for (const answer of [invites.accept, invites.decline]) {
      expect(await rejection(answer({ token }, user('bob')))).toEqual({ code: 'recipient_mismatch', recipient })
      for (const emailVerified of [false, undefined]) {
        const unverified = user('ada', { emailVerified })
        expect(await rejection(answer({ token }, unverified))).toEqual({ code: 'email_unverified', recipient })
      }
    }
    for (const actor of [undefined, null, 'system', { userId: null, email: email('ada'), emailVerified: true }]) {
      expect(await codeOf(invites.accept({ token }, { actor } as never))).toBe('unauthenticated')
    }
    expect(await codeOf(invites.accept({ token }, undefined as never))).toBe('unauthenticated')
    expect(await picture(world)).toEqual(before)
    expect(await codeOf(invites.accept({ token }, user('ada')))).toBe('ok')
    expect(await codeOf(invites.accept({ token }, user('bob')))).toBe('recipient_mismatch')
  })

  test("acceptance: 'session' lets in any signed-in user who holds the token", async () => {
    const { invite, invites, user } = await given({ acceptance: 'session' })
    const { invite: made, link } = await invite('ada')
    expect(await codeOf(invites.accept({ id: made.id }, user('bob')))).toBe('invite_not_found')
    expect(await invites.accept({ token: tokenIn(link) }, user('bob'))).toMatchObject({ member: { userId: 'bob' } })
  })

  test('an invite by phone is for whoever holds the token, unless their verified phone is another', async () => {
    const { invites, admin, user } = await given()
    const phone = '+4915123456789'
    const { link } = await invites.create({ recipient: { phone }, role: 'member' }, admin)
    const token = tokenIn(link)
    const other = user('bob', { phone: '+4915123456780', phoneVerified: true })
    expect(await rejection(invites.accept({ token }, other))).toEqual({ code: 'recipient_mismatch', recipient: '…89' })
    expect(await codeOf(invites.accept({ token }, user('bob', { phone: '+4915123456780' })))).toBe('ok')
  })

  test('accept({ role }) asserts the role that was shown', async () => {
    const world = await given()
    const { invite, invites, user, admin } = world
    const { invite: made, link } = await invite('ada')
    await invites.update({ id: made.id, role: 'viewer' }, admin)
    const before = await picture(world)
    const asShown = invites.accept({ token: tokenIn(link), role: 'member' }, user('ada'))
    expect(await rejection(asShown)).toEqual({ code: 'role_changed', role: 'viewer' })
    expect(await picture(world)).toEqual(before)
    expect(await codeOf(invites.accept({ token: tokenIn(link), role: 'viewer' }, user('ada')))).toBe('ok')
  })

  test('declining by token needs nobody; the reason is kept; a new invite may follow', async () => {
    const { invite, invites, clock, all } = await given()
    const { link } = await invite('ada')
    const { invite: declined } = await invites.decline({ token: tokenIn(link), reason: 'not now\nperhaps later' })
    expect(declined).toMatchObject({ status: 'declined', declinedAt: clock.now(), declineReason: 'not now\nperhaps later' })
    expect(await all()).toMatchObject([{ status: 'declined' }])
    expect((await invite('ada')).outcome).toBe('created')
  })

  test('who declines by the link alone sees of the recipient what the page shows; the recipient sees all', async () => {
    const { invite, invites, user, email } = await given()
    const terms = { recipient: { email: email('ada'), fullName: 'Ada Lovelace' }, metadata: { team: 'red' }, externalId: 'x1' }
    const { link } = await invite('ada', terms)
    const token = tokenIn(link)
    const { invite: seen } = await invites.decline({ token })
    expect(JSON.stringify(seen)).not.toMatch(/ada@|Lovelace|red|x1/)
    expect(seen).toMatchObject({ status: 'declined', recipient: { email: expect.stringMatching(/^a…@/) } })
    const { invite: own } = await invites.decline({ token }, user('ada'))
    expect(own).toMatchObject({ recipient: { email: email('ada'), fullName: 'Ada Lovelace' }, externalId: 'x1' })
  })

  test('mine lists the live invites to my verified addresses in every organization, and they are answered by id', async () => {
    const world = await given()
    const other = await worldIn(store(), {})
    const { invite, invites, user, admin } = world
    const [first, dead] = [await invite('ada'), await invite('ada2')]
    const ada = user('ada')
    const second = await other.invites.create({ recipient: { email: world.email('ada') }, role: 'viewer' }, other.admin)
    await invites.revoke({ id: dead.invite.id }, admin)
    const { data } = await invites.mine({}, ada)
    expect(data.map(({ id, organizationId, role }) => [id, organizationId, role]).sort()).toEqual(
      [
        [first.invite.id, world.org, 'member'],
        [second.invite.id, other.org, 'viewer'],
      ].sort(),
    )
    expect(await invites.mine({}, user('ada2'))).toEqual({ data: [] })
    expect(await invites.mine({}, user('ada', { emailVerified: false }))).toEqual({ data: [] })
    expect(await codeOf(invites.mine({}, {}))).toBe('unauthenticated')
    expect(await codeOf(invites.accept({ id: first.invite.id }, user('bob')))).toBe('invite_not_found')
    expect(await codeOf(invites.decline({ id: first.invite.id }, user('bob')))).toBe('invite_not_found')
    expect(await codeOf(invites.decline({ id: first.invite.id }))).toBe('unauthenticated')
    expect(await codeOf(invites.accept({ id: first.invite.id }, user('ada', { emailVerified: false })))).toBe(
      'email_unverified',
    )
    expect(await codeOf(invites.accept({ id: first.invite.id }, ada))).toBe('ok')
    expect(await codeOf(invites.decline({ id: second.invite.id }, ada))).toBe('ok')
    expect(await invites.mine({}, ada)).toEqual({ data: [] })
  })

  test('mine finds a verified phone, too, and lets go what is past its time', async () => {
    const { invites, admin, user, clock } = await given()
    const digits = String(Math.floor(Math.random() * 1e6)).padStart(6, '0')
    const phone = `+49151${digits}71`
    await invites.create({ recipient: { phone }, role: 'member' }, admin)
    const ada = user('ada', { phone, phoneVerified: true })
    expect((await invites.mine({}, ada)).data).toHaveLength(1)
    expect((await invites.mine({}, user('ada', { phone }))).data).toHaveLength(0)
    clock.advance('7d')
    expect((await invites.mine({}, ada)).data).toHaveLength(0)
  })

  test('somebody who was removed from the members and accepts again adds nobody', async () => {
    const { invite, invites, user, admin } = await given()
    const token = tokenIn((await invite('ada')).link)
    await invites.accept({ token }, user('ada'))
    await invites.members.remove({ userId: 'ada' }, admin)
    expect(await invites.accept({ token }, user('ada'))).toMatchObject({ repeated: true, member: null })
    expect((await invites.members.list({}, admin)).data).toEqual([])
  })

  test('asking for a new one tells the inviter, by an event, and changes nothing in the invite', async () => {
    const world = await given()
    const { invite, invites, clock, admin, history } = world
    const { invite: made, link } = await invite('ada')
    clock.advance('7d')
    const heard: unknown[] = []
    const stop = invites.on('invite.renewal_requested', ({ data }) => void heard.push([data.invite.id, data.invite.inviterId]))
    const before = await invites.get({ id: made.id }, admin)
    expect(await invites.renew({ token: tokenIn(link) })).toBeUndefined()
    expect(await invites.get({ id: made.id }, admin)).toEqual(before)
    expect(heard).toEqual([[made.id, 'admin']])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.renewal_requested'])
    stop()
  })
})
