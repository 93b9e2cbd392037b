// Expiry notices: the inviter hears once that nobody answered; the recipient never does.
import type { Duration, NoticeFacts, Transport } from 'invitekit'
import { describe, expect, test } from 'vitest'
import { noticeLayout } from '../../src/mail/expiry-notice-layout.ts'
import { type Options, onEveryStorage, tokenIn } from './given.ts'

const users: Record<string, object> = {
  admin: { name: 'Adam', email: 'Adam@example.net', locale: 'de-AT' },
  owner: { name: 'Olga', email: null },
  viewer: { name: 'Vera', email: 'two@example.net, three@example.net' },
}
const directory = {
  user: (userId: string) => users[userId] as { name: string; email?: string; locale?: string },
  organization: () => ({ name: 'Acme' }),
}

onEveryStorage(given => {
  const withNotices = async (options: Options = {}) => {
    const world = await given({ directory, expiryNotices: true, expiresIn: '1d', ...options })
    const later = (by: Duration) => {
      world.clock.advance(by)
      return world.invites.relay.drain()
    }
    const notices = () => world.mailbox.messages.filter(({ to }) => to === 'Adam@example.net')
    const reasons = async (id: string) =>
      (await world.invites.get({ id }, world.admin)).deliveries.map(
        ({ channel, reason, status }) => `${channel} ${reason} ${status}`,
      )
    return { ...world, later, notices, reasons }
  }

  test('go to the inviter at the address and in the language of the directory when the expiry is written down, once', async () => {
    const { invite, invites, admin, clock, later, notices, mailTo, reasons, history, email } = await withNotices()
    const { invite: made, link } = await invite('ada', { recipient: { email: email('ada'), fullName: 'Ada Lovelace' } })
    clock.advance('1d')
    await invites.list({}, admin)
    expect((await invites.get({ id: made.id }, admin)).status).toBe('expired')
    expect(notices()).toEqual([])
    await later(0)
    await later('1d')
    await invites.sweep()
    const [notice] = notices()
    expect(notices()).toHaveLength(1)
    expect(notice).toMatchObject({
      channel: 'email',
      to: 'Adam@example.net',
      subject: 'Deine Einladung an Ada Lovelace ist abgelaufen',
    })
    expect(notice?.text).toMatch(/^Hallo Adam,[\s\S]*Einladung zu Acme nicht beantwortet; sie galt bis 2\. J[aä]n/)
    expect(`${notice?.text}${notice?.html}`).not.toMatch(/https?:\/\//)
    expect(JSON.stringify(notice)).not.toContain(tokenIn(link))
    expect(notice?.headers).toEqual({})
    expect(mailTo('ada')).toHaveLength(1)
    expect(await reasons(made.id)).toEqual(['email created sent', 'email expired sent'])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.expired'])
  })

  test('do not go to an inviter whom the host’s own table knows no more', async () => {
    const members = { add() {}, count: () => 0, find: () => null, findMany: undefined }
    const { invite, later, notices } = await withNotices({ members: members as never })
    await invite('ada')
    await later('1d')
    expect(notices()).toEqual([])
  })

  test('are off by default', async () => {
    const { invite, invites, clock, mailbox, history } = await given({ directory, expiresIn: '1d' })
    const { invite: made } = await invite('ada')
    clock.advance('1d')
    await invites.relay.drain()
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent'])
    await invites.sweep()
    expect(mailbox.messages).toHaveLength(1)
  })

  test('look like the organization’s other mails: its template’s brand goes over `pages.brand`', async () => {
    const { invites, admin, invite, later, notices } = await withNotices({
      pages: { brand: { name: 'Product', color: '#111111' } },
      expiryNotices: { page: '/team' },
    })
    const content = { brand: { name: 'Acme GmbH', color: '#7a3cff' } }
    await invites.templates.create({ name: 'Looks', default: true, content }, admin)
    await invite('ada')
    await later('1d')
    const [notice] = notices()
    expect(notice?.html).toContain('Acme GmbH')
    expect(notice?.html).toContain('#7a3cff')
    expect(notice?.html).not.toContain('Product')
  })

  test('are due of an invite that was never sent, too', async () => {
    const { invite, later, notices, reasons } = await withNotices()
    const { invite: made } = await invite('ada', { send: false })
    await later('1d')
    expect(notices()).toHaveLength(1)
    expect(await reasons(made.id)).toEqual(['email expired sent'])
  })

  test('are not due of what was answered, of an open invite, of the system’s, nor to who left or has no address', async () => {
    const world = await withNotices()
    const { invites, invite, openInvite, user, later, mailbox, system, owner, email, reasons, staff } = world
    const create = (name: string, context: Parameters<typeof invites.create>[1]) =>
      invites.create({ recipient: { email: email(name) }, role: 'member' }, context)
    const answered = await invite('a')
    await invites.accept({ token: tokenIn(answered.link) }, user('a'))
    await openInvite()
    await create('b', system)
    const addressless = await create('c', owner)
    const listed = await create('d', staff('owner', world.org, 'viewer'))
    await invites.members.add({ userId: 'admin', role: 'admin' }, system)
    await invite('e')
    await invites.members.remove({ userId: 'admin' }, system)
    mailbox.clear()
    await later('1d')
    expect(mailbox.messages).toEqual([])
    for (const { invite: made } of [addressless, listed])
      expect(await reasons(made.id)).toEqual(['email created sent', 'email expired suppressed'])
  })

  test('are tried again, and are no longer due once the invite was sent again', async () => {
    let isDown = false
    const got: string[] = []
    const email: Transport = {
      async send({ to }) {
        if (isDown) throw Object.assign(new Error('down'), { failure: 'down' })
        got.push(to)
        return {}
      },
    }
    const { invite, invites, admin, later, reasons, history } = await withNotices({ transports: { email } })
    const [kept, again] = [(await invite('ada')).invite, (await invite('bob')).invite]
    isDown = true
    await later('1d')
    isDown = false
    await invites.resend({ id: again.id }, admin)
    await later('1h')
    expect(await reasons(kept.id)).toEqual(['email created sent', 'email expired sent'])
    expect(await reasons(again.id)).toEqual(['email created sent', 'email expired suppressed', 'email resent sent'])
    expect(got.filter(to => to === 'Adam@example.net')).toHaveLength(1)
    expect(await history(kept.id)).toEqual(['invite.created', 'invite.sent', 'invite.expired'])
    await later('1d')
    expect(got.filter(to => to === 'Adam@example.net')).toHaveLength(2)
  })

  test('of an expiry that another has followed is not sent, and one that failed stops no reminder', async () => {
    let fault: object | null = null
    const got: string[] = []
    const email: Transport = {
      async send({ to, subject }) {
        if (fault) throw Object.assign(new Error('no'), fault)
        got.push(`${to === 'Adam@example.net' ? 'notice' : 'invite'}${/^Reminder/.test(subject ?? '') ? ' again' : ''}`)
        return {}
      },
    }
    const reminders = [{ before: '12h' }] as const
    const { invite, invites, admin, later, reasons } = await withNotices({ transports: { email }, reminders })
    const { invite: made } = await invite('ada')
    await later('12h')
    fault = {}
    await later('12h')
    await invites.resend({ id: made.id, channels: [] }, admin)
    await later('1d')
    fault = null
    await later('1h')
    expect(got).toEqual(['invite', 'invite again', 'notice'])
    const sent = ['email created sent', 'email reminder sent', 'email expired suppressed', 'email expired sent']
    expect(await reasons(made.id)).toEqual(sent)

    const { invite: other } = await invite('bob', { expiresIn: '6h' })
    fault = { permanent: true }
    await later('6h')
    fault = null
    await invites.resend({ id: other.id, channels: [], expiresIn: '1d' }, admin)
    await later('12h')
    expect(await reasons(other.id)).toEqual(['email created sent', 'email expired failed', 'email reminder sent'])
  })

  test('that fail or bounce are no failed delivery of the invite', async () => {
    const email: Transport = {
      async send({ to }) {
        if (to === 'Adam@example.net') throw Object.assign(new Error('no'), { permanent: true, failure: 'refused (550)' })
        return {}
      },
    }
    const { invite, later, reasons, history, invites, system, email: address } = await withNotices({ transports: { email } })
    const { invite: made } = await invite('ada')
    await later('1d')
    expect(await reasons(made.id)).toEqual(['email created sent', 'email expired failed'])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent', 'invite.expired'])

    const fine = await withNotices()
    const { invite: other } = await fine.invite('ada')
    await fine.later('1d')
    const deliveries = (await fine.invites.get({ id: other.id }, fine.admin)).deliveries
    await fine.invites.report({ messageId: deliveries[1]?.id ?? '', status: 'complained' })
    expect(await fine.reasons(other.id)).toEqual(['email created sent', 'email expired complained'])
    expect(await fine.history(other.id)).toEqual(['invite.created', 'invite.sent', 'invite.expired'])
    expect(await invites.suppressions.has({ email: address('ada') }, system)).toBe(false)
  })

  test('link to the host’s page if there is one, or are written by the host', async () => {
    const byPath = await withNotices({ expiryNotices: { page: '/team?tab=invites' } })
    await byPath.invite('ada')
    await byPath.later('1d')
    expect(byPath.notices()[0]).toMatchObject({ link: 'https://app.example.com/team?tab=invites', token: '' })
    expect(byPath.notices()[0]?.html).toContain('href="https://app.example.com/team?tab=invites"')

    const page = ({ organizationId, inviteId }: { organizationId: string; inviteId: string }) => `${organizationId}/${inviteId}`
    const facts: NoticeFacts[] = []
    const render = (given: NoticeFacts) => {
      facts.push(given)
      return { subject: 'Over\r\nBcc: eve@example.com', text: `see ${given.page}` }
    }
    const own = await withNotices({ expiryNotices: { page, render } })
    const { invite: made } = await own.invite('ada')
    await own.later('1d')
    const url = `https://app.example.com/${own.org}/${made.id}`
    expect(own.notices()[0]).toMatchObject({ subject: 'Over Bcc: eve@example.com', text: `see ${url}` })
    expect(facts).toMatchObject([
      {
        invite: { id: made.id, role: 'member', expiresAt: made.expiresAt },
        inviter: { name: 'Adam', locale: 'de-AT' },
        recipient: { email: own.email('ada'), phone: null },
      },
    ])

    const bad = await withNotices({ expiryNotices: { page: () => 'javascript:alert(1)' } })
    await bad.invite('ada')
    await bad.later('1d')
    expect(bad.notices()[0]).toMatchObject({ link: '' })
    expect(bad.errors).toMatchObject([{ where: 'expiryNotices.page' }])

    const wordless = await withNotices({ expiryNotices: { render: () => ({}) as never } })
    await wordless.invite('ada')
    await wordless.later('1d')
    expect(wordless.notices()).toEqual([])
    expect(wordless.errors[0]?.error).toMatchObject({ message: expect.stringMatching(/^`expiryNotices.render` must answer/) })
  })
})

describe('the built-in notice', () => {
  const facts = (changes: Partial<NoticeFacts> = {}): NoticeFacts => ({
    invite: { id: '0192f1aa-0000-7000-8000-000000000001', role: 'member', expiresAt: new Date('2026-01-02T12:00:00Z') },
    organization: { id: 'acme', name: 'Acme' },
    inviter: { name: 'Adam', locale: null },
    recipient: { email: 'ada@example.com', phone: null, fullName: null, firstName: null },
    page: null,
    brand: {},
    ...changes,
  })
  const plain = (text: string | undefined) => text?.replaceAll('\u2060', '')

  test.each([
    ['en', 'Your invite to ada@example.com has expired', 'did not answer your invite to join Acme'],
    ['de', 'Deine Einladung an ada@example.com ist abgelaufen', 'hat deine Einladung zu Acme nicht beantwortet'],
    ['es-MX', 'Tu invitación a ada@example.com ha caducado', 'no respondió a tu invitación para unirse a Acme'],
    ['fr', 'Votre invitation à ada@example.com a expiré', 'n’a pas répondu à votre invitation à rejoindre Acme'],
    ['ar', 'انتهت صلاحية دعوتك إلى', 'على دعوتك للانضمام إلى'],
    ['xx', 'Your invite to ada@example.com has expired', 'did not answer your invite'],
  ])('speaks the inviter’s language: %s', (locale, subject, said) => {
    const { subject: line, text, html } = noticeLayout(facts({ inviter: { name: null, locale } }))
    expect(plain(line)).toContain(subject)
    expect(plain(text)).toContain(said)
    expect(html).toContain(`lang="${locale === 'xx' ? 'en' : locale.slice(0, 2)}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"`)
    const unnamed = noticeLayout(facts({ inviter: { name: null, locale }, organization: { id: 'acme', name: null } }))
    expect(`${unnamed.subject}${unnamed.text}`).not.toMatch(/null|undefined|Acme/)
  })

  test('escapes what people typed, and makes no link of it', () => {
    const nasty = 'http://evil.example <img src=x onerror=alert(1)>\r\nBcc: eve'
    const { subject, text, html } = noticeLayout(
      facts({
        organization: { id: 'acme', name: nasty },
        inviter: { name: nasty, locale: null },
        recipient: { email: 'ada@example.com', phone: null, fullName: nasty, firstName: 'Ada' },
        page: 'https://app.example.com/?a=1&b="2"',
      }),
    )
    expect(subject).not.toMatch(/[\r\n]/)
    expect(`${subject}${text}${html}`).not.toMatch(/evil\.example|http:\/\/evil/)
    expect(html).not.toMatch(/<img/)
    expect(html).toContain('href="https://app.example.com/?a=1&amp;b=&quot;2&quot;"')
    expect(text).toContain('View invites:\nhttps://app.example.com/?a=1&b="2"\n')
  })

  test('names a phone where there is no e-mail, and a first name where there is no full one', () => {
    const { text, subject } = noticeLayout(
      facts({ recipient: { email: null, phone: '+1 555 0100', fullName: ' ', firstName: 'Ada' } }),
    )
    expect(subject).toBe('Your invite to Ada has expired')
    expect(plain(text)).toContain('Ada (+1 555 0100) did not answer')
  })
})
