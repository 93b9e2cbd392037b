// For random templates, names and metadata: a template that could be stored can be filled in, and no value becomes markup.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadTemplateEngine } from '../../adapters/templates/liquid.ts'
import type { TemplateContent } from '../../src/index.ts'
import { layout } from '../../src/mail/layout.ts'
import type { MessageFacts } from '../../src/ports/render.ts'
import { checkContent } from '../../src/templates/check-content.ts'
import { fillMessage, fillPage } from '../../src/templates/fill.ts'
import { textsOf } from '../../src/text/catalogue.ts'

const names = [
  'organization.name',
  'inviter.name',
  'recipient.name',
  'recipient.lastName',
  'role',
  'expiresAt',
  'metadata.note',
]
const filters = [
  'upcase',
  'truncate: 5',
  'append: recipient.name',
  'replace: "a", "<"',
  'split: "" | join: "."',
  'default: "x"',
]
const name = fc.constantFrom(...names)
const output = fc
  .tuple(name, fc.array(fc.constantFrom(...filters), { maxLength: 3 }))
  .map(([value, through]) => `{{ ${[value, ...through].join(' | ')} }}`)
const condition = fc.tuple(name, fc.constantFrom('', ' == "Ada"', ' contains "a"')).map(parts => parts.join(''))
const { text } = fc.letrec<{ text: string }>(tie => ({
  text: fc
    .array(
      fc.oneof(
        { maxDepth: 3 },
        output,
        fc.constantFrom('Hello <b>', '\n\n', ' & ', 'plain'),
        fc.tuple(condition, tie('text'), tie('text')).map(([is, yes, no]) => `{% if ${is} %}${yes}{% else %}${no}{% endif %}`),
        fc.tuple(name, tie('text')).map(([from, then]) => `{% assign x = ${from} %}${then}{{ x }}`),
        fc.tuple(fc.integer({ min: 0, max: 4 }), tie('text')).map(([to, of]) => `{% for i in (1..${to}) %}${of}{% endfor %}`),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map(parts => parts.join('')),
}))

const marker = '\u0001<i>"\''
const userText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  fc.constantFrom('<script>', 'evil.com', '\r\nBcc: x@y.example', '{{ link }}', '{% if %}', marker, '.'.repeat(300), '\ud800'),
)
const maybe = fc.option(userText)
const facts = fc.record({
  organization: fc.record({ id: fc.constant('acme'), name: maybe }),
  inviter: fc.record({ name: maybe }),
  recipient: fc.record({
    fullName: maybe,
    firstName: maybe,
    lastName: maybe,
    email: fc.constant('ada@example.com'),
    locale: fc.constantFrom(null, 'de', 'ar', 'xx'),
  }),
  role: userText,
  code: fc.constantFrom(null, '7KQ29-48570'),
  expiresAt: fc.constantFrom(null, new Date('2026-01-01T00:00:00Z')),
  metadata: fc.record({ note: fc.oneof(userText, fc.integer(), fc.constant(null), fc.array(userText, { maxLength: 3 })) }),
  brand: fc.record({ name: fc.string() }),
})
const link = 'https://app.example.com/invites/i/abc'

const contentOf = (text: string): TemplateContent => ({
  email: { subject: text.length < 200 ? text.replaceAll('\n', ' ') : 'Hi', body: text, senderName: 'x{{ inviter.name }}' },
  sms: { body: text },
  landing: { description: text },
})

test('what was checked is always written, and a value is never markup', async () => {
  const writer = await loadTemplateEngine()
  const source = async () => writer
  let stored = 0
  await fc.assert(
    fc.asyncProperty(text, facts, async (text, given) => {
      const template = await checkContent(source, contentOf(text), 'content').catch(() => null)
      if (template === null) return
      stored += 1
      const all: MessageFacts = { ...given, channel: 'email', reason: 'created', link, template } as never
      const texts = textsOf(given.recipient.locale)
      const mail = layout(all, await fillMessage(source, template, { channel: 'email', facts: all, texts }))
      const short = layout(
        { ...all, channel: 'sms' },
        await fillMessage(source, template, { channel: 'sms', facts: all, texts }),
      )
      const page = await fillPage(source, { sections: template, name: 'landing' }, { ...all, link: null }, texts)

      const body = (mail.html ?? '').replace(/<style>[\s\S]*?<\/style>/, '')
      const tags = [...body.matchAll(/<(\/?\w+)/g)].map(([, tag]) => tag)
      expect(tags.filter(tag => !/^\/?(html|head|meta|title|body|div|table|tr|td|p|a|br|h1|bdi)$/.test(tag ?? ''))).toEqual([])
      expect(body.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
      for (const part of [mail.subject, mail.text, mail.html, mail.senderName, short.text, page.description ?? '']) {
        expect(part ?? '').not.toMatch(/[^\P{Cc}\n]|[\u2028\u202e]/u)
        expect((part ?? '').isWellFormed()).toBe(true)
      }
      expect(mail.subject).not.toContain('\n')
      expect(mail.senderName ?? '').not.toContain('\n')
      expect([mail.text.includes(link), short.text.includes(link), mail.html?.includes(`href="${link}"`)]).toEqual([
        true,
        true,
        true,
      ])
    }),
    { numRuns: 300, endOnFailure: true },
  )
  expect(stored).toBeGreaterThan(50)
})
