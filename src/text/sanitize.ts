// Makes text that people typed (names of people, organizations and roles) safe to put into a message or an HTML page.

// Control, format (bidirectional, zero-width), and other characters that show as nothing or as a line break.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu
/** What joins the parts of a domain, a URL or an e-mail address, in ASCII and in its look-alikes. */
const separator = /([.:/@\\。．｡․：／＠])(?!\s)/gu
const longNumber = /(?:\p{Nd}[\s().+/-]*){6,}/gu
const wordJoiner = '\u2060'

/**
 * One line of at most `max` characters, without invisible characters, and with nothing that a mail client makes a link of.
 * `evil.com`, `http://…`, an e-mail address or a phone number get word joiners, which nobody sees and at which every
 * linkifier stops.
 */
export const neutralizeLinks = (text: string, max = 60): string =>
  oneLine(text, max)
    .replace(separator, `${wordJoiner}$1${wordJoiner}`)
    .replace(longNumber, digits => digits.replace(/\p{Nd}/gu, `$&${wordJoiner}`))

/**
 * The same for SMS. A word joiner is not in the alphabet of SMS and would halve what fits into one, so a blank follows each
 * separator, and the digits of long numbers become `*`.
 */
export const neutralizeLinksShort = (text: string, max = 30): string =>
  oneLine(text, max)
    .replace(separator, '$1 ')
    .replace(longNumber, digits => digits.replace(/\p{Nd}/gu, '*'))

/** One line of at most `max` characters, without invisible characters. */
export function oneLine(text: string, max = 60): string {
  const line = text
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(invisible, '')
    // Many accents on one letter would cover the lines above and below.
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
const controls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu

/** Makes one line of what a template's filters wrote, and cuts it at `max` characters. */
export const tidyLine = (text: string, max: number): string =>
  [...text.toWellFormed().replace(controls, ' ').replace(/ {2,}/g, ' ').trim()].slice(0, max).join('')

/** Makes paragraphs of what a template's filters wrote, with one empty line between them. */
export const tidyLines = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/[^\P{Cc}\n]+/gu, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()

/** Whether a text shows anything: word joiners and direction marks alone do not. */
export const isVisible = (text: string): boolean => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text)

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, char => entities[char] ?? '')

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** Puts a text between Unicode isolates where its direction may differ, so that it does not reorder the words around it. */
export const isolate = (text: string, rtl: boolean): string => (rtl || rightToLeft.test(text) ? `\u2068${text}\u2069` : text)
