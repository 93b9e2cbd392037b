// Mails from a template, parsed as they arrived: whatever people typed adds no markup, no header and no link.
import { createInvites, type TemplateContent } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { smtpTransport } from 'invitekit/smtp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Smtp, startSmtp } from '../support/smtp.ts'

let server: Smtp
beforeAll(async () => {
  server = await startSmtp()
})
afterAll(() => server.close())

let made = 0

/** The mail that one invite made, with these names everywhere, and how its delivery ended. */
async function mailFrom(template: TemplateContent, name: string, metadata: object = { note: name, team: { lead: name } }) {
  made += 1
  const transport = smtpTransport({ url: server.url, from: 'Product <team@product.example>', replyTo: 'help@product.example' })
  const invites = createInvites({
    storage: memoryStorage(),
    keys: ['77'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    transports: { email: transport },
    directory: { organization: () => ({ name }) },
    relay: { inline: 'await' },
    onError: () => {},
  })
  const actor = { userId: 'u', name: name.replace(/[\r\n]/g, ' '), organizationId: 'acme', role: 'owner' }
  const recipient = { email: `r${made}@example.com`, firstName: name.replace(/[\r\n]/g, ' ').slice(0, 100) }
  const { invite, link } = await invites.create({ recipient, role: 'member', template, metadata: metadata as never }, { actor })
  const [delivery] = (await invites.get({ id: invite.id }, { actor })).deliveries
  await invites.close()
  return { mail: server.inbox.find(({ envelope }) => envelope.to.includes(recipient.email)), delivery, link }
}

const everywhere: TemplateContent = {
  email: {
    subject: '{{ inviter.name }} / {{ organization.name }} / {{ recipient.firstName }} / {{ metadata.note }}',
    body: 'Dear {{ recipient.firstName }},\n\n{{ inviter.name }} of {{ organization.name }} says: {{ metadata.note }} {{ metadata.team.lead }}\n\n{{ link }}\n\nBye',
    senderName: '{{ organization.name }} via {{ inviter.name }}',
    replyTo: ['answers@acme.example', 'more@acme.example'],
  },
}

/** What a mail client would make a link of by itself. */
const linkable = /\b(?:https?:\/\/|www\.)\S|[\w-]\.(?:com|example|net)\b|\w@\w|(?:\d[\s().-]*){7,}/i

test.each([
  'evil.com',
  'http://evil.com/a',
  'eve@evil.com',
  'call +1 (900) 555-1234',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'Ada\r\nBcc: eve@evil.com',
  'Ada\u202emoc.live\u2066',
  'ev\u200bil.c\u00adom',
  '{{ link }} {{ metadata.note }}',
  '{% for i in (1..99999) %}x{% endfor %}',
  '&lt;b&gt;&amp;',
  `${'A'.repeat(150)}.com`,
])('a name or note cannot become markup, a header, a link or a placeholder: %j', async name => {
  const { mail, link } = await mailFrom(everywhere, name)
  const text = (mail?.text ?? '').replaceAll(link, '')
  const html = (mail?.html ?? '').replace(/<style>[\s\S]*<\/style>/, '')
  const shown = html.replace(/<[^>]*>/g, ' ').replaceAll(link, '')
  for (const part of [mail?.subject ?? '', mail?.email.from?.name ?? '', text, shown]) {
    expect(part).not.toMatch(linkable)
    expect(part).not.toMatch(/[\u200b\u202a-\u202e\u00ad]/)
  }
  expect(html).not.toMatch(/<script|<img|<b>|onerror=alert\(1\)>/i)
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([link, link])
  expect(mail?.email.from?.address).toBe('team@product.example')
  expect(mail?.email.from?.name).not.toMatch(/[<>@"\r\n]/)
  expect(mail?.email.replyTo?.map(each => each.address)).toEqual(['answers@acme.example', 'more@acme.example'])
  expect(mail?.envelope.to).toHaveLength(1)
  expect(Object.keys(mail?.headers ?? {})).not.toContain('bcc')
  expect(mail?.text.match(/xxxxx/)).toBeNull()
})

test('a long number in metadata is read as it is, and is no phone number to a mail client', async () => {
  const body =
    'Call {{ metadata.call }}, {{ metadata.few }} of {{ metadata.call | plus: 1 }}{% if metadata.call > 9 %}!{% endif %}'
  const { mail, link } = await mailFrom({ email: { subject: body, body } }, 'Acme', { call: 19005551234, few: 12345 })
  for (const part of [mail?.subject ?? '', (mail?.text ?? '').replaceAll(link, '')]) {
    expect(part).not.toMatch(linkable)
    expect(part.replaceAll('\u2060', '')).toContain('Call 19005551234, 12345 of 19005551235!')
    expect(part).toContain(' 12345 ')
  }
})

test('a body keeps its paragraphs, and has the link and the button in any case', async () => {
  const { mail, link } = await mailFrom({ email: { body: 'Hi\r\nthere <all>\n\n\n\n\nBye' } }, 'Acme')
  expect(mail?.text).toMatch(/^Hi\nthere <all>\n\nBye\n\nView invite:\n/)
  expect(mail?.text).toContain(link)
  expect(mail?.html).toContain('>Hi<br>\nthere &lt;all&gt;</p>')
  expect(mail?.html.match(new RegExp(`href="${link}"`, 'g'))).toHaveLength(2)
  expect(mail?.html).not.toContain('<h1')
  expect(mail?.subject).toBe('Acme invites you to join Acme')
})

test('what the body says itself is not said again', async () => {
  const { mail, link } = await mailFrom({ email: { body: 'Until {{ expiresAt }}: {{ link }}' } }, 'Acme')
  expect(mail?.text.split(link)).toHaveLength(2)
  expect(mail?.text).not.toContain('The invite is valid until')
  expect(mail?.html).not.toContain('open this address')
  expect(mail?.html).not.toContain('The invite is valid until')
})

test('without a sender’s name or address for answers, the transport’s own stand', async () => {
  const { mail } = await mailFrom({ email: { subject: 'Hello', senderName: '{{ inviter.name }}' } }, '@@')
  expect(mail?.email.from).toMatchObject({ name: 'Product', address: 'team@product.example' })
  expect(mail?.email.replyTo).toMatchObject([{ address: 'help@product.example' }])
})

test('a brand gives the mail its name, logo and colour', async () => {
  const brand = { name: 'Acme <Inc>', logoUrl: 'https://cdn.acme.example/l.png?a=1&b=2', color: '#aa1144' }
  const { mail } = await mailFrom({ brand }, 'Acme')
  expect(mail?.html).toContain('<img src="https://cdn.acme.example/l.png?a=1&amp;b=2" alt="Acme &lt;Inc&gt;"')
  expect(mail?.html).toContain('background:#aa1144')
})

test.each([
  ['what metadata lacks', { email: { body: 'For {{ metadata.project }}' } }, 'email.body'],
  [
    'what makes a loop too long',
    { email: { subject: '{% for x in metadata.many %}{% for y in metadata.many %}{% endfor %}{% endfor %}' } },
    'email.subject',
  ],
])('%s fails the delivery for good, in our words and with the place', async (_, template, path) => {
  const metadata = { many: Array.from({ length: 900 }, (_, index) => `secret ${index}`) }
  const { mail, delivery } = await mailFrom(template, 'Acme', metadata)
  expect(mail).toBeUndefined()
  expect(delivery).toMatchObject({
    status: 'failed',
    failure: `the template's ${path} cannot be written: metadata lacks what it names, or makes it too long`,
  })
})
