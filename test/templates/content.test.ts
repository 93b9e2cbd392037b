// What a template's content may have, the path and sentence of each flaw, and what a preview shows.
import type { TemplateContent } from 'invitekit'
import { createTestInvites } from 'invitekit/testing'
import { expect, test, vi } from 'vitest'
import { rejection } from '../library/given.ts'

const given = () => createTestInvites({ directory: { organization: () => ({ name: 'Acme' }) } })
const flaws = async (content: unknown, path = 'content') => {
  const { invites, actor } = await given()
  const refused = await rejection(invites.templates.create({ name: 'x', content: content as never }, { actor: actor.admin }))
  const own = { recipient: { email: 'ada@example.com' }, role: 'member', template: content as never } as const
  const again = await rejection(invites.create(own, { actor: actor.admin }))
  const errors = refused !== null && 'errors' in refused ? refused.errors : []
  const asOwn = errors.map(each => ({ ...each, path: each.path.replace(/^content/, 'template') }))
  expect(again).toEqual(refused === null ? null : { code: 'template_invalid', errors: asOwn })
  expect([refused?.code ?? null, path]).toEqual([errors.length > 0 ? 'template_invalid' : null, 'content'])
  return errors.map(each => `${each.path}: ${each.detail}`)
}

test.each<[unknown, string | RegExp]>([
  [null, 'content: must be an object'],
  [[], 'content: must be an object'],
  [{ mail: {} }, 'content.mail: is not a known field'],
  [{ email: { title: 'x' } }, 'content.email.title: is not a known field'],
  [{ email: 'x' }, 'content.email: must be an object'],
  [{ email: { subject: 3 } }, 'content.email.subject: must be a string'],
  [{ email: { subject: '' } }, 'content.email.subject: must not be empty'],
  [{ email: { subject: null } }, 'content.email.subject: must be a string'],
  [{ email: { subject: 'two\nlines' } }, 'content.email.subject: has a control character in it'],
  [{ email: { subject: 'x'.repeat(201) } }, 'content.email.subject: must have at most 200 characters'],
  [{ email: { body: 'x'.repeat(10_001) } }, 'content.email.body: must have at most 10000 characters'],
  [{ email: { body: 'half \ud800' } }, 'content.email.body: has half a character in it'],
  [{ email: { senderName: 'x\r\nBcc: y@z.example' } }, 'content.email.senderName: has a control character in it'],
  [{ email: { replyTo: 'Ada <ada@example.com>' } }, /^content\.email\.replyTo: /],
  [{ email: { replyTo: 'a@b.example, c@d.example' } }, /^content\.email\.replyTo: /],
  [{ email: { replyTo: ['a@b.example', 'nobody'] } }, /^content\.email\.replyTo\.1: /],
  [{ email: { replyTo: 'jürgen@b.example' } }, 'content.email.replyTo: must have only ASCII characters before the @'],
  [{ email: { replyTo: [] } }, 'content.email.replyTo: must have 1 to 5 addresses'],
  [{ email: { body: '{{ nope }}' } }, /^content\.email\.body: there is no nope here/],
  [{ email: { subject: '{{ link }}' } }, /^content\.email\.subject: there is no link here/],
  [{ email: { senderName: '{{ code }}' } }, /^content\.email\.senderName: there is no code here/],
  [{ landing: { header: '{{ link }}' } }, /^content\.landing\.header: there is no link here/],
  [{ landing: { description: '{{ recipient.email }}' } }, /^content\.landing\.description: there is no recipient\.email here/],
  [{ success: { button: 'x'.repeat(61) } }, 'content.success.button: must have at most 60 characters'],
  [{ sms: { body: '{% if %}' } }, /^content\.sms\.body: invalid value/],
  [{ sms: { body: '{{ extra.secret }}' } }, /^content\.sms\.body: there is no extra\.secret here/],
  [{ brand: { color: 'red' } }, 'content.brand.color: must be a colour such as #17594f'],
  [{ brand: { color: '#12345' } }, 'content.brand.color: must be a colour such as #17594f'],
  [{ brand: { logoUrl: 'http://cdn.example/l.png' } }, 'content.brand.logoUrl: must be an https address'],
  [{ brand: { logoUrl: 'https://x/"><script>' } }, 'content.brand.logoUrl: must be an https address'],
  [{ brand: { name: '{{ role }}' } }, 'content.brand.name: takes no placeholders'],
  [{ locales: { de: { email: { subject: '{{ x }}' } } } }, /^content\.locales\.de\.email\.subject: there is no x here/],
  [{ locales: { 'de AT': {} } }, 'content.locales.de AT: is no language tag such as de or pt-BR'],
  [{ locales: { de: {}, DE: {} } }, 'content.locales.DE: is there twice, in upper and lower case'],
  [{ locales: { de: { locales: {} } } }, 'content.locales.de.locales: is not a known field'],
  [{ locales: [] }, 'content.locales: must be an object of sections by language tag'],
  [JSON.parse('{ "locales": { "__proto__": {} } }'), 'content.locales.__proto__: is no language tag such as de or pt-BR'],
  [JSON.parse('{ "__proto__": {} }'), 'content.__proto__: is not a known field'],
  [
    {
      locales: Object.fromEntries(
        ['de', 'fr', 'es', 'it', 'pt', 'nl'].map(tag => [tag, { email: { body: 'x'.repeat(10_000) } }]),
      ),
    },
    'content: must have at most 60000 characters',
  ],
])('%#: %j is refused where it is wrong', async (content, expected) => {
  const [first = ''] = await flaws(content)
  expect(first).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
})

test('all flaws are reported at once', async () => {
  const content = { email: { subject: '{{ a }}', body: '{{ b }}' }, locales: { de: { sms: { body: '{{ c }}' } } } }
  expect((await flaws(content)).map(each => each.split(' ')[0])).toEqual([
    'content.email.subject:',
    'content.email.body:',
    'content.locales.de.sms.body:',
  ])
})

test('a full content is kept as it was given', async () => {
  const page = { header: 'Hello {{ recipient.name }} 👩‍💻', description: 'One\n\ntwo {{ expiresAt }}', button: 'Join' }
  const content: TemplateContent = {
    email: { subject: 'S', body: '{{ link }} {{ code }}\n', senderName: '{{ organization.name }}', replyTo: 'a@b.example' },
    sms: { body: '{{ link }}' },
    landing: page,
    success: page,
    brand: { name: 'Acme', logoUrl: 'https://cdn.example/l.png', color: '#AbCdEf' },
    locales: { 'pt-BR': { landing: page } },
  }
  const { invites, actor } = await given()
  const { template } = await invites.templates.create({ name: 'x', content }, { actor: actor.admin })
  expect(template.content).toEqual(content)
  expect(await flaws({})).toEqual([])
})

test('without liquidjs a text with placeholders is refused with what to install, and others need nothing', async () => {
  vi.resetModules()
  vi.doMock('liquidjs', () => {
    throw new Error('Cannot find package')
  })
  const { createTestInvites } = await import('invitekit/testing')
  const { invites, mailbox, actor } = await createTestInvites()
  const create = (subject: string) =>
    invites.templates.create({ name: 'x', content: { email: { subject } }, default: true }, { actor: actor.admin })
  await expect(create('{{ role }}')).rejects.toThrow('invitekit: templates with placeholders need `npm install liquidjs`.')
  await create('Welcome')
  await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, { actor: actor.admin })
  expect(mailbox.last().subject).toBe('Welcome')
  vi.doUnmock('liquidjs')
})

test('a preview shows every part, in a language, with what was given or what is made up', async () => {
  const { invites, actor, mailbox } = await given()
  const content: TemplateContent = {
    email: { subject: 'For {{ metadata.project }}', senderName: '{{ inviter.name }}', replyTo: 'a@b.example' },
    landing: { header: '{{ recipient.name }}!' },
    locales: { de: { sms: { body: 'Hallo {{ recipient.name }} {{ code | default: "-" }}' } } },
  }
  const context = { actor: { ...actor.admin, name: 'Grace' } }
  const shown = await invites.templates.preview({ content, locale: 'de' }, context)
  expect(shown).toMatchObject({
    email: {
      subject: 'For project',
      senderName: 'Grace',
      replyTo: ['a@b.example'],
      text: expect.stringContaining('zu Acme ein'),
    },
    sms: { text: expect.stringMatching(/^Hallo Ada -\nhttps:\/\/app\.example\.com\/invites\/i\/0+$/) },
    landing: { header: 'Ada!', description: null, button: null },
    success: { header: null },
    brand: { color: null },
  })
  expect(shown.email?.html).toContain('<html lang="de"')
  const sample = { metadata: { project: 'Moon' }, recipient: { firstName: 'Bob' }, code: '7KQ29-48570' }
  expect(await invites.templates.preview({ content, locale: 'de', sample }, context)).toMatchObject({
    email: { subject: 'For Moon' },
    sms: { text: expect.stringContaining('Hallo Bob 7KQ29-48570') },
  })
  expect(await invites.templates.preview({ content, channel: 'email' }, context)).toMatchObject({ email: {}, sms: null })
  expect(await invites.templates.preview({ content, channel: 'sms' }, context)).toMatchObject({ email: null, sms: {} })
  expect(mailbox.messages).toEqual([])
})

test('a preview of a stored template stands in its place, and on the defaults', async () => {
  const { invites, actor } = await given()
  const context = { actor: actor.admin }
  const old = { email: { subject: 'old', body: 'old body' } }
  const { template } = await invites.templates.create({ name: 'x', content: old, default: true }, context)
  const stored = await invites.templates.preview({ id: template.id }, context)
  expect([stored.email?.subject, stored.email?.text.startsWith('old body')]).toEqual(['old', true])
  const changed = await invites.templates.preview({ id: template.id, content: { email: { subject: 'new' } } }, context)
  expect([changed.email?.subject, changed.email?.text.includes('old body')]).toEqual(['new', false])
  const other = await invites.templates.preview({ content: { email: { subject: 'other' } } }, context)
  expect([other.email?.subject, other.email?.text.startsWith('old body')]).toEqual(['other', true])
})

test('a preview says what a sample lacks, and what is wrong with its input', async () => {
  const { invites, actor } = await given()
  const refused = (input: object) => rejection(invites.templates.preview(input, { actor: actor.admin }))
  const content = { email: { body: '{{ metadata.project }}' } }
  expect(await refused({ content, sample: { metadata: {} } })).toEqual({
    code: 'template_invalid',
    errors: [{ path: 'email.body', detail: 'there is no metadata.project (line 1, column 4)' }],
  })
  expect(await refused({})).toMatchObject({ code: 'invalid_input', errors: [{ detail: 'needs an id or a content' }] })
  expect(await refused({ content, sample: { age: 3 } })).toMatchObject({
    code: 'invalid_input',
    errors: [{ path: 'sample.age' }],
  })
})

test('a host’s own render replaces everything, and is given what the templates say', async () => {
  const seen: unknown[] = []
  const { invites, actor, mailbox } = await createTestInvites({
    render: ({ template, metadata, link }) => {
      seen.push(template, metadata)
      return { subject: 'own', text: link, senderName: 'Own "<x@y.example>', replyTo: 'own@example.com' }
    },
  })
  const template = { email: { subject: '{{ role }}' }, locales: { de: { sms: { body: 'kurz' } } } }
  const recipient = { email: 'ada@example.com', locale: 'de' }
  await invites.create(
    { recipient, role: 'member', template, metadata: { a: 1 }, extra: { secret: 1 } },
    { actor: actor.admin },
  )
  expect(seen).toEqual([{ email: { subject: '{{ role }}' }, sms: { body: 'kurz' } }, { a: 1 }])
  expect(mailbox.last()).toMatchObject({ subject: 'own', senderName: 'Own x y.example', replyTo: ['own@example.com'] })
})
