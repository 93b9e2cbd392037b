// HTML as a tagged template. Every value is escaped unless it is HTML that the template has made.

export interface Html {
  readonly html: string
}

type Value = Html | string | null | readonly Html[]

/** `` html`<p>${name}</p>` ``: strings are escaped for text and quoted attributes, null is nothing. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: strings.reduce((text, part, index) => text + toHtml(values[index - 1] ?? null) + part),
})

export const none: Html = { html: '' }

function toHtml(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string') return value.replace(/[&<>"']/g, char => entities[char] ?? '')
  return 'html' in value ? value.html : value.map(each => each.html).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

// Control and format characters (bidirectional, zero-width), and others that are invisible.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu

/** Text that a person typed, on one line and cut to `max` characters. Null when no character is visible. */
export function singleLine(text: string | null | undefined, max = 60): string | null {
  const line = (text ?? '')
    .replace(/\s+/gu, ' ')
    .replace(invisible, '')
    .replace(/(\p{M}{3})\p{M}+/gu, '$1')
    .trim()
  const characters = [...line]
  if (characters.length === 0) return null
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : line
}

/** A name as HTML with its own writing direction. */
export function nameHtml(text: string | null | undefined, max?: number): Html | null {
  const line = singleLine(text, max)
  return line === null ? null : html`<bdi>${line}</bdi>`
}

/** An address as HTML, on one line where there is room. */
export function addressHtml(text: string | null | undefined): Html | null {
  const line = singleLine(text, 254)
  return line === null ? null : html`<bdi class="address">${line}</bdi>`
}
