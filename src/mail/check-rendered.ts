// What a `render` of the host's answers, checked before a transport gets it.

import type { Rendered } from '../ports/render.ts'
import { isRecord } from '../validation/validators.ts'

const isText = (value: unknown) => typeof value === 'string'
const mayBeText = (value: unknown) => value === undefined || isText(value)

const fits: Readonly<Record<keyof Rendered, (value: unknown) => boolean>> = {
  text: isText,
  subject: mayBeText,
  html: mayBeText,
  senderName: mayBeText,
  replyTo: value => (Array.isArray(value) ? value.every(isText) : mayBeText(value)),
}

/** `name` is the function's. Null leaves it to the built-in layout. */
export function checkRendered(name: string, answer: unknown): Rendered | null {
  if (answer === undefined || answer === null) return null
  if (!isRecord(answer)) throw unfit(`\`${name}\` must answer { text }`)
  const bad = Object.entries(fits).find(([field, isFit]) => !isFit(answer[field]))
  if (bad) throw unfit(`\`${name}\` must answer { text }: \`${bad[0]}\` is no text`)
  return answer as unknown as Rendered
}

/** The next try would fare no better. */
const unfit = (sentence: string) => Object.assign(new TypeError(sentence), { permanent: true })
