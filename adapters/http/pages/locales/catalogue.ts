// The languages that the pages speak, and which of them a reader gets.
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import type { Sentences } from './sentences.ts'

const catalogue: ReadonlyMap<string, Sentences> = new Map([en, de, es, fr, ar].map(words => [words.language, words]))

const languageOf = (tag: string) => tag.split(/[-_]/)[0]?.toLowerCase() ?? ''

/** The invite's language, else the first of the browser's that we have, else English. */
export function sentencesOf(locale: string | null, acceptLanguage: string | null): Sentences {
  const tags = [locale ?? '', ...preferred(acceptLanguage ?? '')]
  return tags.map(tag => catalogue.get(languageOf(tag))).find(words => words !== undefined) ?? en
}

/** RFC 9110, 12.5.4: by weight, and of equal ones the first. */
function preferred(header: string): string[] {
  const ranges = header
    .slice(0, 500)
    .split(',')
    .map(range => {
      const [tag = '', ...parameters] = range.trim().split(/\s*;\s*/)
      const weight = parameters.find(each => each.startsWith('q='))
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) }
    })
  return ranges
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag)
}

/** The moment as the reader writes it, its zone named. */
export function momentText(date: Date, locale: string | null, { language }: Sentences): string {
  const own = locale !== null && languageOf(locale) === language && /^[a-z]{2}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(locale)
  const shape = { day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const
  const zone = { timeZone: 'UTC', timeZoneName: 'short' } as const
  // The zone stays on the line of its time.
  return new Intl.DateTimeFormat(own ? locale : language, { ...shape, ...zone }).format(date).replace(/ (?=UTC)/, '\u00a0')
}
