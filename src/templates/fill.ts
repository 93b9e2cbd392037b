// A template's texts with everything filled in, for a message or a page.

import type { PageTexts } from '../api/results.ts'
import type { TemplateSections } from '../ports/storage/templates.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import type { Texts } from '../text/locales/texts.ts'
import { messageError } from '../text/message-error.ts'
import { isVisible, tidyLine, tidyLines } from '../text/sanitize.ts'
import { hasPlaceholders } from '../validation/brand.ts'
import type { Slot } from './content.ts'
import { type TextValues, valuesFor } from './values.ts'

/** What a template says in a message; what it does not say is absent. */
export interface Written {
  readonly subject?: string
  readonly senderName?: string
  readonly replyTo?: readonly string[]
  readonly body?: string
  readonly short?: string
}

/** Characters of a text with everything filled in. */
export const maxLength: { readonly [P in Slot]: number } = { line: 1_000, mail: 50_000, short: 1_500, page: 10_000 }

/** The failure of one text: never tried again, and told by where it stands alone. */
function textFailure(path: string, cause: unknown): Error {
  const failure = `the template's ${path} cannot be written: metadata lacks what it names, or makes it too long`
  return Object.assign(messageError(failure, { cause }), { path })
}

async function written(
  source: TemplateEngineSource,
  { path, text, slot }: { readonly path: string; readonly text: string | undefined; readonly slot: Slot },
  facts: TextValues,
  texts: Texts,
): Promise<string | null> {
  if (text === undefined) return null
  let result = text
  if (hasPlaceholders(text)) {
    const writer = await source()
    try {
      result = writer.write(text, valuesFor(slot, facts, texts), maxLength[slot])
    } catch (error) {
      throw textFailure(path, error)
    }
  }
  const tidy = slot === 'line' ? tidyLine(result, 200) : tidyLines(result)
  return isVisible(tidy) ? tidy : null
}

/** Throws the failure of a text that cannot be written. */
export async function writeMessage(
  source: TemplateEngineSource,
  { email = {}, sms = {} }: TemplateSections,
  { channel, facts, texts }: { readonly channel: string; readonly facts: TextValues; readonly texts: Texts },
): Promise<Written> {
  const write = (path: string, text: string | undefined, slot: Slot) => written(source, { path, text, slot }, facts, texts)
  if (channel !== 'email') {
    const short = await write('sms.body', sms.body, 'short')
    return short === null ? {} : { short }
  }
  const subject = await write('email.subject', email.subject, 'line')
  const senderName = await write('email.senderName', email.senderName, 'line')
  const body = await write('email.body', email.body, 'mail')
  return {
    ...(subject === null ? {} : { subject }),
    ...(senderName === null ? {} : { senderName }),
    ...(email.replyTo === undefined ? {} : { replyTo: [email.replyTo].flat() }),
    ...(body === null ? {} : { body }),
  }
}

export async function writePage(
  source: TemplateEngineSource,
  { sections, name }: { readonly sections: TemplateSections; readonly name: 'landing' | 'success' },
  facts: TextValues,
  texts: Texts,
): Promise<PageTexts> {
  const { header, description, button } = sections[name] ?? {}
  const write = (field: string, text: string | undefined) =>
    written(source, { path: `${name}.${field}`, text, slot: 'page' }, facts, texts)
  return {
    header: await write('header', header),
    description: await write('description', description),
    button: await write('button', button),
  }
}
