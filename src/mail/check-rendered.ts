// Checks what a host's `render` function returned, before a transport gets it.

import type { Rendered } from '../ports/render.ts'
import { isRecord } from '../validation/validators.ts'

const isText = (value: unknown) => typeof value === 'string'
const isOptionalText = (value: unknown) => value === undefined || isText(value)

const checks: Readonly<Record<keyof Rendered, (value: unknown) => boolean>> = {
  text: isText,
  subject: isOptionalText,
  html: isOptionalText,
  senderName: isOptionalText,
  replyTo: value => (Array.isArray(value) ? value.every(isText) : isOptionalText(value)),
}

/** `name` is the function's, for the error. Null: it returned nothing, so the built-in layout writes the message. */
export function checkRendered(name: string, rendered: unknown): Rendered | null {
  if (rendered === undefined || rendered === null) return null
  if (!isRecord(rendered)) throw invalid(`\`${name}\` must answer { text }`)
  const wrong = Object.entries(checks).find(([field, isValid]) => !isValid(rendered[field]))
  if (wrong) throw invalid(`\`${name}\` must answer { text }: \`${wrong[0]}\` is no text`)
  return rendered as unknown as Rendered
}

/** Permanent: the function would return the same on the next try. */
const invalid = (sentence: string) => Object.assign(new TypeError(sentence), { permanent: true })
