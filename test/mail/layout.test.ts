// The built-in message: what it says, in which language, and that what people typed adds no markup and no link.
import PostalMime from 'postal-mime'
import { expect, test } from 'vitest'
import { smtpTransport } from '../../adapters/transport/smtp/index.ts'
import { layout } from '../../src/mail/layout.ts'
import type { MessageFacts } from '../../src/ports/render.ts'
import { startSmtp } from '../support/smtp.ts'

type Changes = Partial<Omit<MessageFacts, 'recipient'>> & { readonly recipient?: Partial<MessageFacts['recipient']> }

const facts = ({ recipient, ...fields }: Changes = {}): MessageFacts => ({
  channel: 'email',
  reason: 'created',
  organization: { id: 'org_1', name: 'Acme' },
  inviter: { name: 'Ada Lovelace' },
  role: 'member',
  link: 'https://app.example.com/invites/i/abc?x=1&y=2',
  code: '7KQ2-94857',
  expiresAt: new Date('2024-05-13T12:00:00Z'),
  brand: {},
  metadata: {},
  template: {},
  ...fields,
  recipient: { fullName: 'Bob Kahn', firstName: 'Bob', lastName: 'Kahn', email: null, locale: null, ...recipient },
})

/** What a mail client would make a link of by itself. */
const linkable = /\b(?:https?:\/\/|www\.)\S|[\w-]\.(?:com|example|net)\b|\w@\w|(?:\d[\s().-]*){7,}/i

test('a mail says who, to what, as which role, until when, and has the link in both parts', () => {
  const { subject, text, html = '' } = layout(facts())
  expect(subject).toBe('Ada Lovelace invites you to join Acme')
  for (const part of ['Hello Bob,', 'member', '7KQ2-94857', 'May 13, 2024 at 12:00', 'UTC']) expect(text).toContain(part)
  expect(text).toContain('\nhttps://app.example.com/invites/i/abc?x=1&y=2\n')
  expect(html.match(/href="https:\/\/app\.example\.com\/invites\/i\/abc\?x=1&amp;y=2"/g)).toHaveLength(2)
  expect(html).toContain('<meta name="color-scheme" content="light dark">')
  expect(html).toContain('prefers-color-scheme:dark')
})

test('without names, code or expiry the mail is still whole', () => {
  const bare = facts({
    organization: { id: 'org_1', name: null },
    inviter: { name: null },
    code: null,
    expiresAt: null,
    recipient: { firstName: null, fullName: null },
  })
  const { subject, text, html = '' } = layout(bare)
  expect(subject).toBe('You are invited to join a team')
  for (const part of [subject, text, html]) expect(part).not.toMatch(/null|undefined|org_1|Invalid/)
})

test('the language follows the locale, the date its region; others get English', () => {
  const said = (locale: string | null) => layout(facts({ recipient: { locale } }))
  expect(said('de-AT').text).toContain('Die Einladung gilt bis 13. Mai 2024')
  expect(said('es').subject).toBe('Ada Lovelace te invita a unirte a Acme')
  expect(said('fr_CA').subject).toBe('Ada Lovelace vous invite à rejoindre Acme')
  expect(said('en-GB').text).toContain('13 May 2024 at 12:00 UTC')
  expect(said('ar').html).toContain('<html lang="ar" dir="rtl">')
  for (const locale of ['pt-BR', 'constructor', '__proto__', '', 'en-x', 'de-\r\n'])
    expect(said(locale).text).toMatch(/Hello|Hallo/)
})

test('a reminder says so; another channel gets one short text that ends its line with the link', () => {
  expect(layout(facts({ reason: 'reminder' })).subject).toBe('Reminder: Ada Lovelace invites you to join Acme')
  const sms = layout(facts({ channel: 'sms', code: null, organization: { id: 'o', name: 'evil.com/x 900 555 1234' } }))
  expect(sms.html).toBeUndefined()
  expect(sms.text.endsWith('\nhttps://app.example.com/invites/i/abc?x=1&y=2')).toBe(true)
  expect(sms.text.split('\n')[0]).not.toMatch(linkable)
})

test('a template’s subject is a reminder’s too; its short text ends with the link unless it has it', () => {
  expect(layout(facts({ reason: 'reminder' }), { subject: 'Hi' }).subject).toBe('Reminder: Hi')
  const { link } = facts()
  const short = (text: string) => layout(facts({ channel: 'sms' }), { short: text }).text
  expect(short('Join us')).toBe(`Join us\n${link}\nOr enter this code: 7KQ2-94857`)
  expect(short(`${link} or 7KQ2-94857`)).toBe(`${link} or 7KQ2-94857`)
})

const hostile = [
  'evil.com',
  'http://evil.com/a',
  'HTTPS://EVIL.COM',
  'www.evil.com',
  'eve@evil.com',
  'evil。com',
  'call +1 (900) 555-1234',
  '<a href="http://evil.com">x</a>',
  '"><img src=x onerror=alert(1)>',
  'Ada\r\nBcc: eve@evil.com',
  'Ada\u202emoc.live\u2066',
  'ev\u200bil.c\u00adom',
  `${'A'.repeat(500)}.com`,
]

test.each(hostile)('a name cannot become markup, a header or a link: %j', async name => {
  const hostileFacts = facts({
    organization: { id: 'o', name },
    inviter: { name },
    role: name,
    brand: { name },
    code: null,
    recipient: { firstName: name },
  })
  const server = await startSmtp()
  const transport = smtpTransport({ url: server.url, from: 'team@acme.example' })
  const { subject = '', text: words, html = '' } = layout(hostileFacts)
  const message = { id: 'one', to: 'bob@example.com', headers: {}, signal: AbortSignal.timeout(5000) }
  await transport.send({ ...message, subject, text: words, html })
  await transport.close?.()
  await server.close()
  const mail = await PostalMime.parse(server.inbox[0]!.raw)
  const link = hostileFacts.link
  const text = (mail.text ?? '').replaceAll(link, '')
  const shown = (mail.html ?? '')
    .replace(/<style>[\s\S]*<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll(link.replace('&', '&amp;'), '')
  for (const part of [mail.subject ?? '', text, shown]) {
    expect(part).not.toMatch(linkable)
    expect(part).not.toMatch(/[\u200b\u202a-\u202e\u00ad]/)
  }
  expect(mail.html).not.toMatch(/<img|<a [^>]*evil|onerror=alert\(1\)>/i)
  expect(mail.headers.map(({ key }) => key)).not.toContain('bcc')
  expect(server.inbox[0]!.envelope.to).toEqual(['bob@example.com'])
  expect((mail.subject ?? '').length).toBeLessThan(250)
})

test('the brand gives the button a colour that its words can be read on, and a logo by https only', () => {
  const html = (brand: MessageFacts['brand']) => layout(facts({ brand })).html ?? ''
  expect(html({ color: '#ffee00' })).toMatch(/background:#ffee00[\s\S]*color:#000000/)
  expect(html({ color: '#101060' })).toMatch(/background:#101060[\s\S]*color:#ffffff/)
  expect(html({ color: 'red;"><script>' })).not.toContain('<script')
  expect(html({ name: 'Acme', logoUrl: 'https://acme.example/l.png' })).toContain('alt="Acme"')
  expect(html({ logoUrl: 'javascript:alert(1)' })).not.toContain('javascript')
})
