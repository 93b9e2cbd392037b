// Which texts win: an invite's own over its template's over the defaults, each in the recipient's language first.
import { expect, test } from 'vitest'
import type { TemplateContent } from '../../src/index.ts'
import { inLanguage, merged } from '../../src/templates/merge.ts'

const subject = (text: string): TemplateContent => ({ email: { subject: text } })
const german = (text: string): TemplateContent => ({ locales: { de: subject(text) } })
const inGerman = (...levels: TemplateContent[]) => merged(levels.map(level => inLanguage(level, 'de-AT'))).email?.subject

/** From the invite's own words down to everybody's default. */
test.each<[string, TemplateContent[], string | undefined]>([
  ['nothing at all leaves it to the built-in', [{}, {}, {}, {}], undefined],
  ['everybody’s default', [{}, {}, {}, subject('everybody')], 'everybody'],
  ['the organization’s default over it', [{}, {}, subject('organization'), subject('everybody')], 'organization'],
  ['the template over both', [{}, subject('template'), subject('organization'), subject('everybody')], 'template'],
  ['the invite’s own over all', [subject('own'), subject('template'), subject('organization'), subject('everybody')], 'own'],
  ['a language over what is for all, in one template', [{}, { ...subject('for all'), ...german('deutsch') }], 'deutsch'],
  ['but not over a level above', [subject('own'), german('deutsch')], 'own'],
  [
    'a language of a level above, over all below',
    [german('deutsch'), { ...subject('for all'), ...german('unten') }],
    'deutsch',
  ],
])('%s', (_, levels, expected) => {
  expect(inGerman(...levels)).toBe(expected)
})

test('sections are merged field by field', () => {
  const own = { email: { subject: 'own' }, brand: { color: '#123456' } }
  const below = { email: { subject: 'below', senderName: 'Acme' }, sms: { body: 'short' }, brand: { name: 'Acme' } }
  expect(merged([own, below])).toEqual({
    email: { subject: 'own', senderName: 'Acme' },
    sms: { body: 'short' },
    brand: { color: '#123456', name: 'Acme' },
  })
})

test.each([
  ['pt-BR', 'brazil'],
  ['pt-br', 'brazil'],
  ['pt_BR', 'brazil'],
  ['pt-BR-x-lang', 'brazil'],
  ['pt-PT', 'portuguese'],
  ['pt', 'portuguese'],
  ['p', 'base'],
  ['en', 'base'],
  [null, 'base'],
])('for %j it is %s', (locale, expected) => {
  const content = { ...subject('base'), locales: { pt: subject('portuguese'), 'PT-br': subject('brazil') } }
  expect(inLanguage(content, locale).email?.subject).toBe(expected)
})

test('a region says only what differs from its language', () => {
  const locales = { de: { email: { subject: 'Deutsch', body: 'Servus' } }, 'de-AT': { email: { subject: 'Österreichisch' } } }
  expect(inLanguage({ email: { senderName: 'Acme' }, locales }, 'de-AT').email).toEqual({
    subject: 'Österreichisch',
    body: 'Servus',
    senderName: 'Acme',
  })
})
