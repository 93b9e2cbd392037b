// Reminders: to whoever has not answered, when the options say, once, as long as the invite waits.
import type { Duration, Transport } from 'invitekit'
import { expect, test } from 'vitest'
import { codeOf, type Options, onEveryStorage, tokenIn } from './given.ts'

const reminders = [{ after: '3d' }, { before: '1d' }] as const

onEveryStorage((given, store) => {
  const withReminders = async (options: Options = {}) => {
    const world = await given({ reminders, ...options })
    const later = (by: Duration) => {
      world.clock.advance(by)
      return world.invites.relay.drain()
    }
    const reasons = async (id: string) =>
      (await world.invites.get({ id }, world.admin)).deliveries.map(
        ({ channel, reason, status }) => `${channel} ${reason} ${status}`,
      )
    return { ...world, later, reasons }
  }

  test('are sent when their time has come, by the same link, and end with the invite; a send is still one send', async () => {
    const { invite, later, mailTo, reasons, history, invites, admin } = await withReminders()
    const { invite: made, link } = await invite('ada')
    await later(3 * 86_400_000 - 1)
    expect(mailTo('ada')).toHaveLength(1)
    expect(await later(1)).toEqual({ delivered: 1, failed: 0 })
    expect(mailTo('ada')).toHaveLength(2)
    expect(mailTo('ada')[1]).toMatchObject({ link, subject: expect.stringMatching(/^Reminder: /) })
    await later(0)
    await later('3d')
    expect(mailTo('ada')).toHaveLength(3)
    await later('1d')
    await later('1d')
    expect(mailTo('ada')).toHaveLength(3)
    expect(await reasons(made.id)).toEqual(['email created sent', 'email reminder sent', 'email reminder sent'])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.sent', 'invite.sent'])
    const { sentAt, updatedAt, createdAt, sendCount } = await invites.get({ id: made.id }, admin)
    expect({ sentAt, updatedAt, sendCount }).toEqual({ sentAt: createdAt, updatedAt: createdAt, sendCount: 1 })
  })

  test('are off by default', async () => {
    const { invite, clock, invites, mailTo } = await given()
    await invite('ada', { expiresIn: null })
    clock.advance('60d')
    await invites.relay.drain()
    expect(mailTo('ada')).toHaveLength(1)
  })

  test('are not sent of what was answered, taken back or forgotten, nor of what was never sent or is for anybody', async () => {
    const { invites, invite, openInvite, user, admin, later, mailbox } = await withReminders()
    const [a, b, c, d] = [await invite('a'), await invite('b'), await invite('c'), await invite('d')]
    await invite('e', { send: false })
    await openInvite()
    await invites.accept({ token: tokenIn(a.link) }, user('a'))
    await invites.decline({ token: tokenIn(b.link) })
    await invites.revoke({ id: c.invite.id }, admin)
    await invites.erase({ id: d.invite.id }, admin)
    mailbox.clear()
    await later('3d')
    await later('3d')
    expect(mailbox.messages).toEqual([])
  })

  test('are counted anew from a resend, and from a new expiry', async () => {
    const { invites, invite, admin, later, mailTo } = await withReminders()
    const { invite: made } = await invite('ada')
    await later('2d')
    await invites.resend({ id: made.id }, admin)
    await later('2d')
    expect(mailTo('ada')).toHaveLength(2)
    await later('1d')
    expect(mailTo('ada')).toHaveLength(3)
    await invites.update({ id: made.id, expiresIn: '36h' }, admin)
    await later('12h')
    expect(mailTo('ada')).toHaveLength(4)
    expect(mailTo('ada').map(({ subject }) => /^Reminder/.test(subject ?? ''))).toEqual([false, false, true, true])
  })

  test('that were missed while no relay ran are one', async () => {
    const { invite, later, mailTo } = await withReminders({ reminders: [{ after: '1d' }, { after: '2d' }, { after: '3d' }] })
    await invite('ada')
    await later('2d')
    expect(mailTo('ada')).toHaveLength(2)
    await later('1d')
    expect(mailTo('ada')).toHaveLength(3)
  })

  test('that nothing ran for until the invite expired are not sent, and are not looked for again', async () => {
    const { invite, later, mailTo, history } = await withReminders()
    const { invite: made } = await invite('ada')
    await later('8d')
    expect(mailTo('ada')).toHaveLength(1)
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.expired'])
    const left = await store().storage.lists.remindable(new Date('2100-01-01'), 1000, null)
    expect(left.filter(({ id }) => id === made.id)).toEqual([])
  })

  test('go where the last message arrived, not where it failed, bounced or still waits', async () => {
    let fault: object | null = { permanent: true }
    const email: Transport = {
      async send() {
        if (fault) throw Object.assign(new Error('no'), fault)
        return {}
      },
    }
    const texts: string[] = []
    const sms: Transport = {
      async send({ to }) {
        texts.push(to)
        return {}
      },
    }
    const { invites, admin, later, reasons, email: address } = await withReminders({ transports: { email, sms } })
    const invite = async (name: string, phone: string) =>
      (await invites.create({ recipient: { email: address(name), phone }, role: 'member' }, admin)).invite
    const failed = await invite('failed', '+4915112345601')
    fault = {}
    const waits = await invite('waits', '+4915112345602')
    fault = null
    const bounced = await invite('bounced', '+4915112345603')
    const fine = await invite('fine', '+4915112345604')
    await invites.report({ messageId: bounced.deliveries[0]?.id ?? '', status: 'bounced' })
    fault = {}
    await later('3d')
    const sent = ['email created sent', 'sms created sent']
    expect(await reasons(failed.id)).toEqual(['email created failed', 'sms created sent', 'sms reminder sent'])
    expect(await reasons(waits.id)).toEqual(['email created queued', 'sms created sent', 'sms reminder sent'])
    expect(await reasons(bounced.id)).toEqual(['email created bounced', 'sms created sent', 'sms reminder sent'])
    expect(await reasons(fine.id)).toEqual([...sent, 'email reminder queued', 'sms reminder sent'])
    expect(texts).toHaveLength(8)
  })

  test('that wait for their next try are not sent once the invite is taken back', async () => {
    let isDown = false
    const email: Transport = {
      async send() {
        if (isDown) throw Object.assign(new Error('down'), { failure: 'down' })
        return {}
      },
    }
    const { invites, invite, admin, later, reasons } = await withReminders({ transports: { email } })
    const { invite: made } = await invite('ada')
    isDown = true
    await later('3d')
    expect(await reasons(made.id)).toEqual(['email created sent', 'email reminder queued'])
    await invites.revoke({ id: made.id }, admin)
    isDown = false
    await later('1h')
    expect(await reasons(made.id)).toEqual(['email created sent', 'email reminder suppressed'])
  })

  test('one that has fallen due and was not sent yet is not lost by a new expiry', async () => {
    const { invites, invite, clock, admin, mailTo } = await withReminders({ reminders: [{ after: '3d' }] })
    const { invite: made } = await invite('ada')
    clock.advance('4d')
    await invites.update({ id: made.id, expiresIn: '7d' }, admin)
    await invites.relay.drain()
    expect(mailTo('ada')).toHaveLength(2)
  })

  test('count as sends to an address, are left out where that was sent enough today, and start no cooldown', async () => {
    const limits = { perRecipientPerDay: 1, perInviterPerDay: 1, resendCooldown: '7d' } as const
    const world = await withReminders({ limits })
    const { invites, later, mailTo, admin, email, owner } = world
    const recipient = { email: email('ada') }
    const { invite: made } = await invites.create({ recipient, role: 'member' }, admin)
    const other = world.staff('admin', `${world.org}-2`)
    await later('3d')
    expect(mailTo('ada')).toHaveLength(2)
    expect(await codeOf(invites.create({ recipient, role: 'member' }, other))).toBe('rate_limited')
    await later('60h')
    expect(await codeOf(invites.create({ recipient, role: 'member' }, other))).toBe('ok')
    await later('12h')
    expect(mailTo('ada').map(({ subject }) => /^Reminder/.test(subject ?? ''))).toEqual([false, true, false])
    const refused = invites.resend({ id: made.id }, owner)
    await expect(refused).rejects.toMatchObject({ code: 'resend_too_soon', facts: { retryAfter: 86_400 } })
  })

  test('are not sent to whoever wants no more messages from the organization', async () => {
    const { invites, invite, later, reasons, email, system, mailTo } = await withReminders()
    const { invite: made } = await invite('ada')
    await invites.suppressions.add({ email: email('ada') }, system)
    await later('3d')
    expect(mailTo('ada')).toHaveLength(1)
    expect(await reasons(made.id)).toEqual(['email created sent', 'email reminder suppressed'])
  })

  test('are sent by `sweep` as well, which says how many; one organization’s fault holds up no other', async () => {
    const broken = await withReminders({
      limits: organizationId => {
        if (organizationId.endsWith('broken') && isBroken) throw new Error('no such organization')
        return {}
      },
    })
    let isBroken = false
    const { invites, invite, clock, mailTo, errors, org, email } = broken
    const there = { actor: 'system', organizationId: `${org}-broken` } as const
    await invites.create({ recipient: { email: email('eve') }, role: 'member' }, there)
    await invite('ada')
    isBroken = true
    clock.advance('3d')
    const before = await store().storage.lists.remindable(clock.now(), 1000, null)
    const { reminded } = await invites.sweep({ batch: 1 })
    expect(reminded).toBe(before.length - 1)
    expect([mailTo('ada').length, mailTo('eve').length]).toEqual([2, 1])
    expect(errors).toMatchObject([{ where: 'reminders', error: { message: 'no such organization' } }])
    isBroken = false
    expect(await invites.sweep()).toMatchObject({ reminded: 1 })
    expect(mailTo('eve')).toHaveLength(2)
  })

  test('are sent by a started relay', async () => {
    const { invites, invite, clock, mailTo } = await withReminders({ relay: { poll: '1s' } })
    await invite('ada')
    clock.advance('3d')
    invites.relay.start()
    await expect.poll(() => mailTo('ada').length, { timeout: 5000 }).toBe(2)
    await invites.relay.stop()
  })
})
