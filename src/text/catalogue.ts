// The sentences of the built-in messages by language tag, and dates in that language. To add a language, write its file in
// `locales/` and add it to `languages`.
import { ar } from './locales/ar.ts'
import { de } from './locales/de.ts'
import { en } from './locales/en.ts'
import { es } from './locales/es.ts'
import { fr } from './locales/fr.ts'
import type { Texts } from './locales/texts.ts'

const languages: readonly Texts[] = [en, de, es, fr, ar]
const catalogue: ReadonlyMap<string, Texts> = new Map(languages.map(texts => [texts.language, texts]))

/** The sentences for a BCP 47 tag. Its language alone decides; English stands in for a language that is not here. */
export const textsOf = (locale: string | null): Texts => catalogue.get(languageOf(locale)) ?? en

const languageOf = (locale: string | null) => locale?.split(/[-_]/)[0]?.toLowerCase() ?? ''

/**
 * A date with its time in UTC. It is formatted for the recipient's region when the sentences are in their language: then
 * `en-GB` has the day before the month. Otherwise it is formatted as the language of the sentences does.
 */
export function dateText(date: Date, locale: string | null, { language }: Texts): string {
  const isTheirs =
    locale !== null && languageOf(locale) === language && /^[a-z]{2}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(locale)
  return formatFor(isTheirs ? locale : language).format(date)
}

const formats = new Map<string, Intl.DateTimeFormat>()
const dateFields = { day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const
const utc = { timeZone: 'UTC', timeZoneName: 'short' } as const

const maxFormats = 100

/** Cached, because to construct one takes longer than the rest of a message. Recipients may bring any number of locales. */
function formatFor(locale: string): Intl.DateTimeFormat {
  const cached = formats.get(locale)
  if (cached) return cached
  const format = new Intl.DateTimeFormat(locale, { ...dateFields, ...utc })
  if (formats.size < maxFormats) formats.set(locale, format)
  return format
}
