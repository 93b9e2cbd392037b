// HTML by tagged template: every value is escaped, unless it is HTML that this template made.

export interface Html {
  readonly html: string
}

type Value = Html | string | null | readonly Html[]

/** `` html`<p>${name}</p>` ``: strings are escaped for text and quoted attributes, null is nothing. */
export const html = (strings: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  html: strings.reduce((written, part, index) => written + write(values[index - 1] ?? null) + part),
})

export const none: Html = { html: '' }

function write(value: Value): string {
  if (value === null) return ''
  if (typeof value === 'string') return value.replace(/[&<>"']/g, char => entities[char] ?? '')
  return 'html' in value ? value.html : value.map(each => each.html).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

// Control, format (bidirectional, zero-width), and other characters that show as nothing.
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu

/** What a person typed, on one line and not too long; null when nothing can be seen of it. */
export function typed(text: string | null | undefined, max = 60): string | null {
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

/** The same as HTML that keeps its own direction. */
export function named(text: string | null | undefined, max?: number): Html | null {
  const line = typed(text, max)
  return line === null ? null : html`<bdi>${line}</bdi>`
}

/** An address, kept on one line where there is room. */
export function addressed(text: string | null | undefined): Html | null {
  const line = typed(text, 254)
  return line === null ? null : html`<bdi class="address">${line}</bdi>`
}
