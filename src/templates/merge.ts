// Merges template contents field by field: a content that comes first wins, and in each content the recipient's language
// wins over the texts for all languages.
import type { TemplateContent, TemplateSections } from '../ports/storage/templates.ts'
import { given } from '../validation/validators.ts'

/** The content for one language: `de-AT`, then `de`, then the texts for all languages. */
export function inLanguage({ locales = {}, ...base }: TemplateContent, locale: string | null): TemplateSections {
  const parts = (locale ?? '').toLowerCase().split(/[-_]/)
  const tags = parts.map((_, index) => parts.slice(0, index + 1).join('-')).reverse()
  const localized = tags.flatMap(tag =>
    Object.entries(locales).flatMap(([key, sections]) => (key.toLowerCase() === tag ? [sections] : [])),
  )
  return merged([...localized, base])
}

const names = ['email', 'sms', 'landing', 'success', 'brand'] as const

/** Each field comes from the first level that has it. */
export function merged(levels: readonly TemplateSections[]): TemplateSections {
  const sections = names.flatMap(name => {
    const fields = Object.assign({}, ...levels.map(level => given(level[name] ?? {})).reverse())
    return Object.keys(fields).length === 0 ? [] : [[name, fields] as const]
  })
  return Object.fromEntries(sections)
}
