// Sending again, copying the link, and changing the keys that links are made of.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, rejection, tokenIn, worldIn } from './given.ts'

const day = 86_400_000
const [oldKey, newKey] = ['01'.repeat(32), '02'.repeat(32)]

onEveryStorage((given, store) => {
  test('resending sends the same link again, and renews the expiry to its own length', async () => {
    const { invite, invites, admin, mailTo, clock, email } = await given()
    const { invite: made, link } = await invite('ada', { expiresIn: '3d' })
    clock.advance('2d')
    const { invite: again } = await invites.resend({ id: made.id }, admin)
    expect(again).toMatchObject({ sendCount: 2, sentAt: clock.now(), expiresAt: new Date(clock.now().getTime() + 3 * day) })
    expect(mailTo('ada').map(mail => mail.link)).toEqual([link, link])
    expect(new Set(mailTo('ada').map(({ id }) => id)).size).toBe(2)
    expect(again.deliveries).toMatchObject([{ reason: 'resent', channel: 'email' }])
    const { deliveries } = await invites.get({ id: made.id }, admin)
    expect(deliveries.map(({ reason }) => reason)).toEqual(['created', 'resent'])
    const { invite: longer } = await invites.resend({ id: made.id, expiresIn: '9d' }, admin)
    expect(longer.expiresAt).toEqual(new Date(clock.now().getTime() + 9 * day))
    const { invite: never } = await invites.resend({ id: made.id, expiresIn: null }, admin)
    expect(never.expiresAt).toBeNull()
    expect((await invites.resend({ id: made.id }, admin)).invite.expiresAt).toBeNull()
    expect(email('ada')).toBe(mailTo('ada')[0]?.to)
  })

  test('rotate kills the old link', async () => {
    const { invite, invites, admin, mailTo, user } = await given()
    const { invite: made, link } = await invite('ada')
    await invites.resend({ id: made.id, rotate: true }, admin)
    const fresh = mailTo('ada')[1]?.link ?? ''
    expect(fresh).not.toBe(link)
    for (const call of [invites.preview, invites.open, invites.decline, invites.renew]) {
      expect(await codeOf(call({ token: tokenIn(link) }))).toBe('invite_not_found')
    }
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('invite_not_found')
    expect(await codeOf(invites.accept({ token: tokenIn(fresh) }, user('ada')))).toBe('ok')
  })

  test('resendCooldown makes the next one wait, in whole seconds, after the first send as well', async () => {
    const world = await given({ limits: { resendCooldown: '10m' } })
    const { invite, invites, admin, clock } = world
    const { invite: made } = await invite('ada')
    clock.advance(1500)
    const before = await picture(world)
    expect(await rejection(invites.resend({ id: made.id }, admin))).toEqual({ code: 'resend_too_soon', retryAfter: 599 })
    expect(await picture(world)).toEqual(before)
    clock.advance('599s')
    expect(await codeOf(invites.resend({ id: made.id }, admin))).toBe('ok')
    const silent = await invite('bob', { send: false })
    expect(await codeOf(invites.resend({ id: silent.invite.id }, admin))).toBe('ok')
  })

  test('an expired one comes back with its link, and is counted again', async () => {
    const { invite, invites, admin, clock, user } = await given({ limits: { pending: 1 } })
    const { invite: made, link } = await invite('ada')
    clock.advance('7d')
    const other = await invite('bob')
    expect(await codeOf(invites.resend({ id: made.id }, admin))).toBe('pending_limit_reached')
    await invites.revoke({ id: other.invite.id }, admin)
    expect((await invites.resend({ id: made.id }, admin)).invite.status).toBe('pending')
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('ok')
  })

  test('link is for copy buttons: the same link and code, while it works', async () => {
    const { invite, invites, admin, member, owner, email, clock } = await given()
    const made = await invite('ada', { code: true })
    expect(await invites.link({ id: made.invite.id }, admin)).toEqual({ link: made.link, code: made.code })
    expect(await codeOf(invites.link({ id: made.invite.id }, member))).toBe('forbidden')
    const higher = await invites.create({ recipient: { email: email('bob') }, role: 'admin' }, owner)
    expect(await codeOf(invites.link({ id: higher.invite.id }, admin))).toBe('role_not_grantable')
    await invites.revoke({ id: higher.invite.id }, owner)
    expect(await codeOf(invites.link({ id: higher.invite.id }, owner))).toBe('invite_revoked')
    clock.advance('7d')
    expect(await codeOf(invites.link({ id: made.invite.id }, admin))).toBe('invite_expired')
  })

  test('a new key in front keeps old links and codes valid', async () => {
    const before = await given({ keys: [oldKey] })
    const made = await before.invite('ada', { code: true })
    const after = await worldIn(store(), { keys: [newKey, oldKey] }, before.org)
    expect(await after.invites.preview({ token: tokenIn(made.link) })).toMatchObject({ status: 'pending' })
    expect(await after.invites.preview({ code: made.code ?? '' })).toMatchObject({ status: 'pending' })
    await after.invites.resend({ id: made.invite.id }, after.admin)
    expect(after.mailTo('ada').map(({ link }) => link)).toEqual([made.link])
    expect(await codeOf(after.invites.accept({ code: made.code ?? '' }, after.user('ada')))).toBe('ok')
  })

  test('a dropped key kills its links, lists go on without them, and a resend heals', async () => {
    const before = await given({ keys: [oldKey] })
    const made = await before.invite('ada', { code: true })
    const after = await worldIn(store(), { keys: [newKey] }, before.org)
    const { invites, admin, user, mailTo, invite } = after
    expect(await codeOf(invites.accept({ token: tokenIn(made.link) }, user('ada')))).toBe('invite_not_found')
    expect(await codeOf(invites.accept({ code: made.code ?? '' }, user('ada')))).toBe('invite_not_found')
    expect(await codeOf(invites.link({ id: made.invite.id }, admin))).toBe('unavailable')
    const { data } = await invites.list({ include: ['link'] }, admin)
    expect(data.map(each => each.link)).toEqual([undefined])
    expect(await codeOf(invite('ada', { ifPending: 'return' }))).toBe('unavailable')
    const bulk = {
      defaults: { role: 'member', ifPending: 'return' as const },
      invites: ['ada', 'bob'].map(name => ({ recipient: { email: after.email(name) } })),
    }
    const answer = await invites.createMany(bulk, admin)
    expect(answer.results.map(({ outcome, link }) => [outcome, link !== undefined])).toEqual([
      ['existing', false],
      ['created', true],
    ])

    await invites.resend({ id: made.invite.id }, admin)
    const fresh = mailTo('ada').at(-1)?.link ?? ''
    expect(fresh).not.toBe(made.link)
    const { code = '' } = await invites.link({ id: made.invite.id }, admin)
    expect((await invites.preview({ code })).id).toBe(made.invite.id)
    expect(await codeOf(invites.accept({ token: tokenIn(fresh) }, user('ada')))).toBe('ok')
  })
})
