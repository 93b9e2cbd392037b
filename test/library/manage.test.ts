// Changing and taking back what waits, and the host's own words for roles.
import { expect, test } from 'vitest'
import { codeOf, onEveryStorage, picture, tokenIn } from './given.ts'

onEveryStorage(given => {
  test('update changes names, locale, role, expiry and metadata, each alone; what is not given stays', async () => {
    const world = await given()
    const { invites, admin, email, clock, mailbox, history } = world
    const recipient = { email: email('ada'), fullName: 'Ada', locale: 'de' }
    const { invite, link } = await invites.create({ recipient, role: 'member', metadata: { a: 1 } }, admin)
    mailbox.clear()
    const update = async (changes: object) => (await invites.update({ id: invite.id, ...changes }, admin)).invite
    expect(await update({ recipient: { lastName: ' Lovelace ' } })).toMatchObject({
      recipient: { email: email('ada'), fullName: 'Ada', lastName: 'Lovelace', locale: 'de' },
      metadata: { a: 1 },
      role: 'member',
    })
    expect(await update({ recipient: { fullName: null, locale: 'pt-BR' } })).toMatchObject({
      recipient: { fullName: null, lastName: 'Lovelace', locale: 'pt-BR' },
    })
    expect(await update({ role: 'viewer' })).toMatchObject({ role: 'viewer', inviterId: 'admin' })
    expect(await update({ metadata: {} })).toMatchObject({ metadata: {} })
    clock.advance('1h')
    const later = new Date(clock.now().getTime() + 2 * 86_400_000)
    expect(await update({ expiresIn: '2d' })).toMatchObject({ expiresAt: later, updatedAt: clock.now() })
    expect(await update({ expiresIn: null })).toMatchObject({ expiresAt: null })
    expect((await history(invite.id)).filter(type => type === 'invite.updated')).toHaveLength(6)
    expect(mailbox.messages).toEqual([])
    expect((await invites.link({ id: invite.id }, admin)).link).toBe(link)
    const before = await picture(world)
    for (const changes of [
      {},
      { role: 'viewer' },
      { recipient: {} },
      { expiresIn: null },
      { recipient: { lastName: 'Lovelace' } },
    ]) {
      await update(changes)
    }
    expect(await picture(world)).toEqual(before)
  })

  test('revoking tells who, when and why; the link is dead at once, and the address free', async () => {
    const { invite, invites, owner, clock, user, history } = await given()
    const { invite: made, link } = await invite('ada')
    clock.advance('1h')
    const { invite: revoked } = await invites.revoke({ id: made.id, reason: 'left the project' }, owner)
    expect(revoked).toMatchObject({
      status: 'revoked',
      revokedAt: clock.now(),
      revokedBy: 'owner',
      revokeReason: 'left the project',
    })
    expect(await codeOf(invites.accept({ token: tokenIn(link) }, user('ada')))).toBe('invite_revoked')
    expect(await invites.revoke({ id: made.id, reason: 'another' }, owner)).toMatchObject({
      invite: { revokeReason: 'left the project' },
    })
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.revoked'])
    expect((await invite('ada')).outcome).toBe('created')
  })

  test('resend on one channel goes there alone; one that cannot is refused, and nothing is written', async () => {
    const world = await given()
    const { invites, admin, email, mailbox } = world
    const recipient = { email: email('ada'), phone: '+4915123456789' }
    const { invite } = await invites.create({ recipient, role: 'member' }, admin)
    mailbox.clear()
    await invites.resend({ id: invite.id, channels: ['sms'] }, admin)
    expect(mailbox.messages.map(({ channel }) => channel)).toEqual(['sms'])
    const before = await picture(world)
    expect(await codeOf(invites.resend({ id: invite.id, channels: ['fax'] }, admin))).toBe('channel_unavailable')
    expect(await picture(world)).toEqual(before)
  })

  test('get with include: link shows the link to those who may grant the role', async () => {
    const { invites, invite, admin, owner, email } = await given()
    const made = await invite('ada')
    expect((await invites.get({ id: made.invite.id, include: ['link'] }, admin)).link).toBe(made.link)
    expect(await invites.get({ id: made.invite.id }, admin)).not.toHaveProperty('link')
    const higher = await invites.create({ recipient: { email: email('boss') }, role: 'admin' }, owner)
    expect(await invites.get({ id: higher.invite.id, include: ['link'] }, admin)).not.toHaveProperty('link')
  })

  test('role names are the host’s, whatever they are', async () => {
    const roles = { 'Chef de cuisine': { grants: ['🍳', 'toString'] }, '🍳': {}, toString: {} }
    const { invites, system, staff, email, org, user } = await given({ roles } as never)
    const chef = staff('Chef de cuisine', org)
    for (const role of ['🍳', 'toString']) {
      const { link } = await invites.create({ recipient: { email: email('ada') }, role }, chef)
      expect(await invites.accept({ token: tokenIn(link), role }, user('ada'))).toMatchObject({ member: { role } })
      await invites.members.remove({ userId: 'ada' }, system)
    }
    expect(await codeOf(invites.create({ recipient: { email: email('b') }, role: 'member' }, chef))).toBe('role_unknown')
    expect(await codeOf(invites.create({ recipient: { email: email('b') }, role: '🍳' }, staff('toString', org)))).toBe(
      'forbidden',
    )
    expect((await invites.summary({}, chef)).grants).toEqual(['🍳', 'toString'])
  })
})
