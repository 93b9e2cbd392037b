// The languages of the pages, and which of them a visitor gets. A new language is its own file and a line here.
import { ar } from './ar.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import type { Sentences } from './sentences.ts'

const catalogue: ReadonlyMap<string, Sentences> = new Map(
  [en, de, es, fr, ar].map(sentences => [sentences.language, sentences]),
)

const languageOf = (tag: string) => tag.split(/[-_]/)[0]?.toLowerCase() ?? ''

/** The invite's language; else the first language of Accept-Language that is here; else English. */
export function sentencesOf(locale: string | null, acceptLanguage: string | null): Sentences {
  const tags = [locale ?? '', ...preferred(acceptLanguage ?? '')]
  return tags.map(tag => catalogue.get(languageOf(tag))).find(sentences => sentences !== undefined) ?? en
}

/** The tags of an Accept-Language header (RFC 9110, 12.5.4): by weight, equal weights in their order. */
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

/** Date and time in the visitor's language, with the name of the time zone. The region counts when the language is that of the page. */
export function dateTimeText(date: Date, locale: string | null, { language }: Sentences): string {
  const own = locale !== null && languageOf(locale) === language && /^[a-z]{2}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(locale)
  const shape = { day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const
  const zone = { timeZone: 'UTC', timeZoneName: 'short' } as const
  // A non-breaking space keeps the zone on the line of the time.
  return new Intl.DateTimeFormat(own ? locale : language, { ...shape, ...zone }).format(date).replace(/ (?=UTC)/, '\u00a0')
}
