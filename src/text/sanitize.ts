// What a person typed (names of people, organizations, roles), made harmless before it goes into a message.

// Control, format (bidirectional, zero-width), and other characters that show as nothing or as a line break.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu
const joint = /([.:/@\\。．｡․：／＠])(?!\s)/gu
const numeral = /(?:\p{Nd}[\s().+/-]*){6,}/gu
const wordJoiner = '\u2060'

/**
 * One line of at most `max` characters, with nothing invisible in it and nothing that a mail client turns into a link:
 * `evil.com`, `http://…`, an address or a phone number get word joiners, which no linkifier reads over and nobody sees.
 */
export const neutralizeLinks = (text: string, max = 60): string =>
  oneLine(text, max)
    .replace(joint, `${wordJoiner}$1${wordJoiner}`)
    .replace(numeral, digits => digits.replace(/\p{Nd}/gu, `$&${wordJoiner}`))

/** The same for SMS, where a word joiner would cost half of the message: a blank after each dot, and no long numbers. */
export const neutralizeLinksShort = (text: string, max = 30): string =>
  oneLine(text, max)
    .replace(joint, '$1 ')
    .replace(numeral, digits => digits.replace(/\p{Nd}/gu, '*'))

/** One line of at most `max` characters, with nothing invisible in it. */
export function oneLine(text: string, max = 60): string {
  const line = text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(invisible, '')
    // A pile of accents would reach over the lines around it.
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .trim()
  const characters = [...line]
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : line
}

// Line breaks of every kind, and other control characters.
const breaking = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** What a template makes of a line: one line, whatever its filters did. */
export const tidyLine = (text: string, max: number): string =>
  [...text.toWellFormed().replace(breaking, ' ').replace(/ {2,}/g, ' ').trim()].slice(0, max).join('')

/** What it makes of several: paragraphs with one empty line between them. */
export const tidyLines = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** Word joiners and marks of direction alone are nothing to read. */
export const isVisible = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text)

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, char => entities[char] ?? '')

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** Keeps a text of the other direction from turning around what stands beside it. */
export const isolate = (text: string, rtl: boolean): string => (rtl || rightToLeft.test(text) ? `\u2068${text}\u2069` : text)
