// Which words count: an invite's own over its template's over the defaults, and each in the recipient's language first.
import type { TemplateContent, TemplateSections } from '../ports/storage/templates.ts'
import { given } from '../validation/validators.ts'

/** The content for one language: `de-AT` over `de` over what is for all. */
export function inLanguage({ locales = {}, ...base }: TemplateContent, locale: string | null): TemplateSections {
  const parts = (locale ?? '').toLowerCase().split(/[-_]/)
  const tags = parts.map((_, index) => parts.slice(0, index + 1).join('-')).reverse()
  const own = tags.flatMap(tag =>
    Object.entries(locales).flatMap(([key, sections]) => (key.toLowerCase() === tag ? [sections] : [])),
  )
  return merged([...own, base])
}

const names = ['email', 'sms', 'landing', 'success', 'brand'] as const

/** Field by field, the first that has one counts. */
export function merged(levels: readonly TemplateSections[]): TemplateSections {
  const sections = names.flatMap(name => {
    const fields = Object.assign({}, ...levels.map(level => given(level[name] ?? {})).reverse())
    return Object.keys(fields).length === 0 ? [] : [[name, fields] as const]
  })
  return Object.fromEntries(sections)
}
