// The mails and the pages speak the same languages.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { html } from '../../adapters/http/pages/html.ts'
import { sentencesOf } from '../../adapters/http/pages/locales/catalogue.ts'
import { textsOf } from '../../src/text/catalogue.ts'

const mail = { files: 'src/text/locales', speaks: (tag: string) => textsOf(tag).language === tag }
const pages = { files: 'adapters/http/pages/locales', speaks: (tag: string) => sentencesOf(tag, null).language === tag }

const filesIn = (directory: string) =>
  readdirSync(new URL(`../../${directory}`, import.meta.url)).flatMap(file => /^([a-z]{2,3})\.ts$/.exec(file)?.[1] ?? [])
const tags = [...new Set([mail, pages].flatMap(({ files }) => filesIn(files)))].sort()

/** Languages that have a file on one side, and are not spoken on both. */
const missing = (languages: readonly string[], sides: readonly { readonly speaks: (tag: string) => boolean }[]) =>
  languages.filter(tag => !sides.every(({ speaks }) => speaks(tag)))

test('every language of the mails is one of the pages, and the other way round', () => {
  expect(tags).toEqual(expect.arrayContaining(['ar', 'de', 'en', 'es', 'fr']))
  expect(missing(tags, [mail, pages])).toEqual([])
})

test.each(['de', 'ar'])('leaving %s out of either is seen', left => {
  const without = ({ speaks }: typeof mail) => ({ speaks: (tag: string) => tag !== left && speaks(tag) })
  expect(missing(tags, [without(mail), pages])).toEqual([left])
  expect(missing(tags, [mail, without(pages)])).toEqual([left])
})

test.each(tags)('%s has its own sentences on the unsubscribe page, with and without names', tag => {
  const { unsubscribe } = sentencesOf(tag, null)
  const values = { organization: html`Acme`, recipient: html`b…@example.com` }
  for (const state of ['ask', 'stopped', 'resumed'] as const) {
    const text = unsubscribe.states(values)[state]
    expect([text.title.html, text.text.html]).toEqual([
      expect.stringContaining('Acme'),
      expect.stringContaining('b…@example.com'),
    ])
    expect(unsubscribe.states({ organization: null, recipient: null })[state].title.html).not.toContain('null')
  }
  if (tag !== 'en') expect(unsubscribe.unknown.title).not.toBe(sentencesOf('en', null).unsubscribe.unknown.title)
})
