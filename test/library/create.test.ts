// Making one invite: what it answers, what goes out, and what happens when one waits at the address already.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn } from './given.ts'

onEveryStorage(given => {
  test('an invite is made, mailed, listed, and its link is the one in the mail', async () => {
    const { invite, email, mailTo, invites, admin, clock, org, history } = await given()
    const made = await invite('ada', { metadata: { team: 'blue' }, externalId: 'crm-7' })
    expect(made.outcome).toBe('created')
    expect(made.code).toBeUndefined()
    expect(made.invite).toMatchObject({
      organizationId: org,
      kind: 'personal',
      status: 'pending',
      role: 'member',
      inviterId: 'admin',
      inviterRole: 'admin',
      recipient: { email: email('ada'), phone: null, fullName: null },
      externalId: 'crm-7',
      metadata: { team: 'blue' },
      channels: ['email'],
      sendCount: 1,
      useCount: 0,
      createdAt: clock.now(),
      sentAt: clock.now(),
      expiresAt: new Date(clock.now().getTime() + 7 * 86_400_000),
    })
    expect(mailTo('ada').map(({ link }) => link)).toEqual([made.link])
    expect(made.link).toBe(`https://app.example.com/invites/i/${tokenIn(made.link)}`)
    const looked = await invites.get({ id: made.invite.id }, admin)
    expect(looked).toEqual({ ...made.invite, deliveries: looked.deliveries })
    expect(looked.deliveries).toMatchObject([{ channel: 'email', reason: 'created', status: 'sent', failure: null }])
    expect((await invites.list({}, admin)).data).toEqual([looked])
    expect(await history(made.invite.id)).toEqual(['invite.created', 'invite.sent'])
  })

  test('send: false makes the invite and sends nothing; so does an empty list of channels', async () => {
    const { invite, mailbox, history } = await given()
    for (const [name, terms] of [
      ['ada', { send: false }],
      ['bob', { channels: [] }],
    ] as const) {
      const made = await invite(name, terms)
      expect(made.invite).toMatchObject({ sentAt: null, sendCount: 0, deliveries: [] })
      expect(await history(made.invite.id)).toEqual(['invite.created'])
    }
    expect(mailbox.messages).toEqual([])
  })

  test('a recipient with e-mail and phone gets both, a named channel alone, and one named twice once', async () => {
    const { invites, admin, email, mailbox, org } = await given()
    const recipient = (name: string, phone: string) => ({ email: email(name), phone, fullName: 'Ada Lovelace', locale: 'de' })
    await invites.create({ recipient: recipient('ada', '+49 1512 3456789'), role: 'member' }, admin)
    expect(mailbox.messages.map(({ channel, to }) => [channel, to])).toEqual(
      expect.arrayContaining([
        ['email', email('ada')],
        ['sms', '+4915123456789'],
      ]),
    )
    mailbox.clear()
    const channels = ['sms', 'sms']
    const { invite } = await invites.create(
      { recipient: recipient('bob', '+49 1512 3456780'), role: 'member', channels },
      admin,
    )
    expect(mailbox.messages.map(({ channel }) => channel)).toEqual(['sms'])
    expect(invite).toMatchObject({ channels: ['sms'], recipient: { phone: '+49 1512 3456780', locale: 'de' } })
    const fax = invites.create({ recipient: { email: email('cy') }, role: 'member', channels: ['fax'] }, admin)
    expect(await rejection(fax)).toEqual({ code: 'channel_unavailable', channel: 'fax' })
    const noPhone = invites.create({ recipient: { email: email('cy') }, role: 'member', channels: ['sms'] }, admin)
    expect(await rejection(noPhone)).toEqual({ code: 'channel_unavailable', channel: 'sms' })
    expect(org).toBeTruthy()
  })

  test('a number without its country code needs defaultCountry', async () => {
    const plain = await given()
    const typed = { recipient: { phone: '01512 3456789' }, role: 'member' }
    expect(await rejection(plain.invites.create(typed, plain.admin))).toMatchObject({
      code: 'invalid_input',
      errors: [{ path: 'recipient.phone' }],
    })
    const german = await given({ defaultCountry: 'DE' })
    await german.invites.create(typed, german.admin)
    expect(german.mailbox.last().to).toBe('+4915123456789')
  })

  test('without transports the link is the answer, and nothing is sent', async () => {
    const { invite, history } = await given({ transports: {} })
    const made = await invite('ada')
    expect(made.link).toContain('/i/')
    expect(made.invite).toMatchObject({ channels: [], sentAt: null })
    expect(await history(made.invite.id)).toEqual(['invite.created'])
  })

  test('expiresIn is milliseconds, a text or null; the option is the default', async () => {
    const { invite, clock } = await given({ expiresIn: '2d' })
    const in_ = (ms: number) => new Date(clock.now().getTime() + ms)
    expect((await invite('a')).invite.expiresAt).toEqual(in_(2 * 86_400_000))
    expect((await invite('b', { expiresIn: 90_000 })).invite.expiresAt).toEqual(in_(90_000))
    expect((await invite('c', { expiresIn: '2w' })).invite.expiresAt).toEqual(in_(14 * 86_400_000))
    expect((await invite('d', { expiresIn: null })).invite.expiresAt).toBeNull()
  })

  test('a pending invite at the address: error, return or resend', async () => {
    const world = await given()
    const { invite, email, mailTo, history, invites, admin } = world
    const first = await invite('ada', { metadata: { a: 1 } })
    const before = await picture(world)
    const typed = email('ada').replace('ada', 'ADA')
    const again = (ifPending: 'error' | 'return' | 'resend') =>
      invites.create(
        { recipient: { email: ` ${typed} `, firstName: 'Ada' }, role: 'viewer', metadata: { b: 2 }, ifPending },
        admin,
      )

    expect(await rejection(again('error'))).toEqual({ code: 'already_invited', existingId: first.invite.id })
    const returned = await again('return')
    expect(returned).toMatchObject({ outcome: 'existing', link: first.link, invite: { id: first.invite.id, role: 'member' } })
    expect(await picture(world)).toEqual(before)

    const resent = await again('resend')
    expect(resent).toMatchObject({
      outcome: 'resent',
      link: first.link,
      invite: { id: first.invite.id, role: 'viewer', sendCount: 2 },
    })
    expect(resent.invite).toMatchObject({ metadata: { b: 2 }, recipient: { email: email('ada'), firstName: 'Ada' } })
    expect(mailTo('ada')).toHaveLength(2)
    const events = ['invite.created', 'invite.sent', 'invite.updated', 'invite.resent', 'invite.sent']
    expect(await history(first.invite.id)).toEqual(events)
  })

  test('ifPending never shows or sends a link whose role the caller may not grant', async () => {
    const world = await given()
    const { invites, email, owner, admin } = world
    await invites.create({ recipient: { email: email('ada') }, role: 'admin' }, owner)
    const before = await picture(world)
    for (const ifPending of ['return', 'resend'] as const) {
      const call = invites.create({ recipient: { email: email('ada') }, role: 'member', ifPending }, admin)
      expect(await rejection(call)).toEqual({ code: 'role_not_grantable', role: 'admin' })
    }
    expect(await picture(world)).toEqual(before)
  })

  test("ifPending: 'resend' without channels sends on those that the waiting invite has an address for", async () => {
    const { invites, admin, email } = await given()
    const phone = '+4915112345678'
    await invites.create({ recipient: { phone }, role: 'member' }, admin)
    const again = { recipient: { phone, email: email('ada') }, role: 'member', ifPending: 'resend' } as const
    expect(await invites.create(again, admin)).toMatchObject({ outcome: 'resent' })
  })

  test('a member is not invited; past its time, declined or revoked an invite gives up its address', async () => {
    const { invites, invite, clock, history, admin, email, user } = await given()
    await invites.members.add({ userId: 'mia', role: 'member', email: email('mia') }, admin)
    expect(await codeOf(invite('mia'))).toBe('already_member')
    const [old, declined, revoked] = [await invite('a'), await invite('b'), await invite('c')]
    await invites.decline({ token: tokenIn(declined.link) }, user('b'))
    await invites.revoke({ id: revoked.invite.id }, admin)
    clock.advance('7d')
    for (const name of ['a', 'b', 'c']) expect((await invite(name)).outcome).toBe('created')
    expect(await history(old.invite.id)).toEqual(['invite.created', 'invite.sent', 'invite.expired'])
    expect(await codeOf(invites.resend({ id: old.invite.id }, admin))).toBe('already_invited')
  })
})
