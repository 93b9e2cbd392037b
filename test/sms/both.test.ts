// One invite by e-mail and SMS at once: a real mail server, a server that speaks Twilio's API, and what both report.
import { createInvites } from 'invitekit'
import { createHandler } from 'invitekit/http'
import { smtpTransport } from 'invitekit/smtp'
import { sqliteStorage } from 'invitekit/sqlite'
import { twilioTransport } from 'invitekit/twilio'
import { expect, test, vi } from 'vitest'
import { startSmtp } from '../support/smtp.ts'
import { accountSid, authToken, callback, startTwilio, statusOf } from '../support/twilio.ts'

const publicUrl = 'https://app.example.com/invites'
const system = { actor: 'system', organizationId: 'acme' } as const
const recipient = { email: 'ada@example.com', phone: '+49 1511 2345678', firstName: 'Ada', locale: 'de' }

test('both arrive with the same link, both deliveries are shown, and each has its own end', async () => {
  const [smtp, twilio] = [await startSmtp(), await startTwilio()]
  const invites = createInvites({
    storage: sqliteStorage({ database: ':memory:' }),
    keys: ['77'.repeat(32)],
    publicUrl,
    transports: {
      email: smtpTransport({ url: smtp.url, from: 'Acme <team@acme.example>' }),
      sms: twilioTransport({ accountSid, authToken, from: '+15005550006', baseUrl: twilio.url }),
    },
    directory: { organization: () => ({ name: 'Acme' }) },
  })
  await invites.migrate()
  const handler = createHandler(invites, { parts: ['public'] })
  const { invite, link } = await invites.create({ recipient, role: 'member' }, system)
  const mail = await smtp.waitFor('ada@example.com')
  const deliveries = async () => (await invites.get({ id: invite.id }, system)).deliveries
  const statuses = async () => (await deliveries()).map(({ channel, status }) => `${channel} ${status}`).sort()
  await vi.waitFor(async () => expect(await statuses()).toEqual(['email sent', 'sms sent']))

  const [sms] = twilio.taken
  expect(mail.text).toContain(link)
  expect(sms).toMatchObject({ to: '+4915112345678', body: `Einladung zu Acme:\n${link}` })
  expect(mail.headers).toMatchObject({ 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' })

  // The mail bounces by a DSN that the host reads; the SMS arrives, as Twilio says by a signed callback.
  const failure = 'no such mailbox (550)'
  expect(await invites.report({ messageId: mail.messageId, status: 'bounced', failure })).toEqual({ known: true })
  const to = String(sms?.statusCallback)
  expect((await handler(new Request(to, callback(to, statusOf(sms!, 'delivered'))))).status).toBe(204)
  expect(await statuses()).toEqual(['email bounced', 'sms delivered'])
  expect((await deliveries()).map(each => each.failure)).toEqual(expect.arrayContaining([failure, null]))
  expect((await invites.list({}, system)).data[0]?.deliveries).toHaveLength(2)
  expect((await invites.summary({}, system)).problems).toBe(1)

  // Their mail client ends the mails; the SMS goes on.
  const unsubscribe = /<(.*)>/.exec(mail.headers['list-unsubscribe'] ?? '')?.[1] ?? ''
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  expect((await handler(new Request(unsubscribe, { method: 'POST', body }))).status).toBe(200)
  await invites.resend({ id: invite.id }, system)
  await vi.waitFor(async () =>
    expect(await statuses()).toEqual(['email bounced', 'email suppressed', 'sms delivered', 'sms sent']),
  )
  expect([smtp.inbox.length, twilio.taken.length]).toEqual([1, 2])
  await invites.close()
  await Promise.all([smtp.close(), twilio.close()])
})
