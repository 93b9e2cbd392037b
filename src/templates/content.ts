// The shape of a template's content: its fields, their limits, and which of its texts go where.
import { parseEmail } from '../domain/address.ts'
import type { Flaw } from '../domain/rejection.ts'
import type { TemplateContent, TemplateSections } from '../ports/storage/templates.ts'
import { brandShape, hasPlaceholders } from '../validation/brand.ts'
import { type Check, isRecord, object, optional, text } from '../validation/validators.ts'

/** Characters of a content as JSON. */
const maxCharacters = 60_000
const maxLocales = 50
const maxReplyTo = 5

/** What a field that is left out reads as. */
const absent = undefined
const line = (max: number) => optional(text(max), absent)
const lines = (max: number) => optional(text(max, { lines: true }), absent)

const refuse = (flaws: Flaw[], path: string, detail: string): undefined => void flaws.push({ path, detail })

const address: Check<string> = (value, path, flaws) => {
  const result = text(320)(value, path, flaws)
  const parsed = result === undefined ? null : parseEmail(result)
  if (parsed?.ok === false) refuse(flaws, path, parsed.detail)
  // The domain may have other characters: it has an ASCII form. What stands before the @ has none.
  if (parsed?.ok && /[^\x20-\x7e].*@/.test(parsed.value.text))
    refuse(flaws, path, 'must have only ASCII characters before the @')
  return parsed?.ok ? parsed.value.text : result
}

const replyTo: Check<string | readonly string[]> = (value, path, flaws) => {
  if (!Array.isArray(value)) return address(value, path, flaws)
  if (value.length === 0 || value.length > maxReplyTo) refuse(flaws, path, `must have 1 to ${maxReplyTo} addresses`)
  return value.slice(0, maxReplyTo).map((each, index) => address(each, `${path}.${index}`, flaws))
}

const page = optional(object({ header: line(150), description: lines(2_000), button: line(60) }), absent)

const sections = {
  email: optional(
    object({ subject: line(200), body: lines(10_000), senderName: line(100), replyTo: optional(replyTo, absent) }),
    absent,
  ),
  sms: optional(object({ body: lines(1_000) }), absent),
  landing: page,
  success: page,
  brand: optional(brandShape, absent),
}

const locales: Check<TemplateContent['locales']> = (value, path, flaws) => {
  if (!isRecord(value)) return refuse(flaws, path, 'must be an object of sections by language tag')
  const seen = new Set<string>()
  const entries = Object.entries(value).slice(0, maxLocales + 1)
  if (entries.length > maxLocales) refuse(flaws, path, `must have at most ${maxLocales} languages`)
  const checked = entries.map(([tag, content]) => {
    const at = `${path}.${tag.slice(0, 40)}`
    if (!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag)) refuse(flaws, at, 'is no language tag such as de or pt-BR')
    if (seen.has(tag.toLowerCase())) refuse(flaws, at, 'is there twice, in upper and lower case')
    seen.add(tag.toLowerCase())
    return [tag, object(sections)(content, at, flaws)] as const
  })
  return Object.fromEntries(checked)
}

const shape = object({ ...sections, locales: optional(locales, absent) })

/** Checks everything but the texts' placeholders. The result has only the fields that were given. */
export const contentShape: Check<TemplateContent> = (value, path, flaws) => {
  const before = flaws.length
  const content = shape(value, path, flaws)
  if (flaws.length > before) return {}
  const json = JSON.stringify(content)
  if (json.length > maxCharacters) refuse(flaws, path, `must have at most ${maxCharacters} characters`)
  return JSON.parse(json)
}

/**
 * Where a text goes. It decides which values the text may name, how they are sanitized and how long it may get: `line` is a
 * subject or a sender's name, `mail` a mail body, `short` an SMS, `page` a web page.
 */
export type Slot = 'line' | 'mail' | 'short' | 'page'

export interface TemplateText {
  readonly path: string
  readonly text: string
  readonly slot: Slot
}

const slots: readonly (readonly [section: 'email' | 'sms' | 'landing' | 'success', field: string, slot: Slot])[] = [
  ['email', 'subject', 'line'],
  ['email', 'senderName', 'line'],
  ['email', 'body', 'mail'],
  ['sms', 'body', 'short'],
  ...(['landing', 'success'] as const).flatMap(section =>
    ['header', 'description', 'button'].map(field => [section, field, 'page'] as const),
  ),
]

/** The texts that have placeholders, each with its path. */
export const textsOf = (sections: TemplateSections): readonly TemplateText[] =>
  slots.flatMap(([section, field, slot]) => {
    const text = (sections[section] as Readonly<Record<string, unknown>> | undefined)?.[field]
    return typeof text === 'string' && hasPlaceholders(text) ? [{ path: `${section}.${field}`, text, slot }] : []
  })
