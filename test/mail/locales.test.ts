// The languages of the built-in messages: each file is registered, and the pages have the same languages.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { textsOf } from '../../src/text/catalogue.ts'

const languagesIn = (folder: string) =>
  readdirSync(fileURLToPath(new URL(`../../${folder}`, import.meta.url)))
    .filter(name => /^[a-z]{2,3}\.ts$/.test(name))
    .map(name => name.replace('.ts', ''))
    .sort()

const languages = languagesIn('src/text/locales')

test.each(languages)('a file of sentences is what its language gets: %s', language => {
  expect(textsOf(language).language).toBe(language)
  expect(textsOf(`${language.toUpperCase()}-XX`).language).toBe(language)
})

test('messages and pages speak the same languages', () => {
  expect(languages).toEqual(languagesIn('adapters/http/pages/landing/locales'))
})

test('the sentences go into HTML as they are: none has a character that HTML reads', () => {
  for (const language of languages) {
    const { expired, roles, ...texts } = textsOf(language)
    const sentences = [...Object.values(texts), ...Object.values(expired), ...Object.values(roles)].flatMap(value =>
      typeof value === 'function' ? [value('a' as never, 'b' as never, 'c'), value(null as never, null as never, 'c')] : value,
    )
    expect(sentences.filter(value => typeof value === 'string' && /[<>&"]/.test(value))).toEqual([])
  }
})
