// The words of the built-in messages: one file for each language, found by a language tag.
import { ar } from './locales/ar.ts'
import { de } from './locales/de.ts'
import { en } from './locales/en.ts'
import { es } from './locales/es.ts'
import { fr } from './locales/fr.ts'
import type { Texts } from './locales/texts.ts'

const catalogue: ReadonlyMap<string, Texts> = new Map([en, de, es, fr, ar].map(texts => [texts.language, texts]))

/** By the language of a BCP 47 tag; English for one that is not in the catalogue. */
export const textsOf = (locale: string | null): Texts => catalogue.get(languageOf(locale)) ?? en

const languageOf = (locale: string | null) => locale?.split(/[-_]/)[0]?.toLowerCase() ?? ''

/** The moment as the recipient writes it, its zone named. Their region counts when the words are in their language. */
export function dateText(date: Date, locale: string | null, { language }: Texts): string {
  const own = locale !== null && languageOf(locale) === language && /^[a-z]{2}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?$/i.test(locale)
  return formatOf(own ? locale : language).format(date)
}

const formats = new Map<string, Intl.DateTimeFormat>()
const shape = { day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit' } as const
const zone = { timeZone: 'UTC', timeZoneName: 'short' } as const

/** To make one takes longer than all the rest of a message. Locales are without number: past the bound none is kept. */
function formatOf(locale: string): Intl.DateTimeFormat {
  const known = formats.get(locale)
  if (known) return known
  const made = new Intl.DateTimeFormat(locale, { ...shape, ...zone })
  if (formats.size < 100) formats.set(locale, made)
  return made
}
