// The languages of the built-in messages: each file is registered. test/pages/locales.test.ts holds the pages to the same.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { textsOf } from '../../src/text/catalogue.ts'

const languages = readdirSync(new URL('../../src/text/locales', import.meta.url)).flatMap(
  name => /^([a-z]{2,3})\.ts$/.exec(name)?.[1] ?? [],
)

test.each(languages)('a file of sentences is what its language gets: %s', language => {
  expect(textsOf(language).language).toBe(language)
  expect(textsOf(`${language.toUpperCase()}-XX`).language).toBe(language)
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
