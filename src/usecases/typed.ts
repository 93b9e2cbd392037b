// What a person typed (names of people, organizations, roles), made harmless before it goes into a message.

// Control, format (bidirectional, zero-width), and other characters that show as nothing or as a line break.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu
const joint = /([.:/@\\。．｡․：／＠])(?=\S)/gu
const numeral = /(?:\p{Nd}[\s().+/-]*){6,}/gu
const wordJoiner = '\u2060'

/**
 * One line of at most `max` characters, with nothing invisible in it and nothing that a mail client turns into a link:
 * `evil.com`, `http://…`, an address or a phone number get word joiners, which no linkifier reads over and nobody sees.
 */
export const tame = (text: string, max = 60): string =>
  plain(text, max)
    .replace(joint, `${wordJoiner}$1${wordJoiner}`)
    .replace(numeral, digits => digits.replace(/\p{Nd}/gu, `$&${wordJoiner}`))

/** The same for SMS, where a word joiner would cost half of the message: a blank after each dot, and no long numbers. */
export const tameShort = (text: string, max = 30): string =>
  plain(text, max)
    .replace(joint, '$1 ')
    .replace(numeral, digits => digits.replace(/\p{Nd}/gu, '*'))

function plain(text: string, max: number): string {
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

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, char => entities[char] ?? '')

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** Keeps a text of the other direction from turning around what stands beside it. */
export const isolate = (text: string, rtl: boolean): string => (rtl || rightToLeft.test(text) ? `\u2068${text}\u2069` : text)
