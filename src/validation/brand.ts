// The check of a brand: name, logo and colour.
import { type Check, object, optional, text } from './validators.ts'

export const hasPlaceholders = (text: string): boolean => /\{[{%]/.test(text)

const matching =
  (max: number, isRight: (value: string) => boolean, detail: string): Check<string> =>
  (value, path, flaws) => {
    const result = text(max)(value, path, flaws)
    if (result !== undefined && !isRight(result)) flaws.push({ path, detail })
    return result
  }

const isHttps = (value: string) => /^https:\/\/[^\s"'<>\\]+$/.test(value) && URL.canParse(value)

/** The brand of a template, and of the option `pages`. */
export const brandShape = object({
  name: optional(
    matching(100, name => !hasPlaceholders(name), 'takes no placeholders'),
    undefined,
  ),
  logoUrl: optional(matching(500, isHttps, 'must be an https address'), undefined),
  color: optional(
    matching(7, color => /^#[0-9a-f]{6}$/i.test(color), 'must be a colour such as #17594f'),
    undefined,
  ),
})
