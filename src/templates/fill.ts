// Fills in the placeholders of a template's texts, for a message or a page.

import type { PageTexts } from '../api/results.ts'
import type { TemplateSections } from '../ports/storage/templates.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import type { Texts } from '../text/locales/texts.ts'
import { messageError } from '../text/message-error.ts'
import { isVisible, tidyLine, tidyLines } from '../text/sanitize.ts'
import { hasPlaceholders } from '../validation/brand.ts'
import type { Slot } from './content.ts'
import { type TextValues, valuesFor } from './values.ts'

/** The texts that a template has for a message. A text that it does not have is absent. */
export interface FilledMessage {
  readonly subject?: string
  readonly senderName?: string
  readonly replyTo?: readonly string[]
  readonly body?: string
  readonly short?: string
}

/** Characters of a text after its placeholders are filled in. */
export const maxLength: { readonly [P in Slot]: number } = { line: 1_000, mail: 50_000, short: 1_500, page: 10_000 }

/** Permanent. It names the text by its path alone, because what the engine reports may hold values. */
function textFailure(path: string, cause: unknown): Error {
  const failure = `the template's ${path} cannot be written: metadata lacks what it names, or makes it too long`
  return Object.assign(messageError(failure, { cause }), { path })
}

/** Null: the template does not have this text, or nothing of it can be seen. */
async function fillText(
  source: TemplateEngineSource,
  { path, text, slot }: { readonly path: string; readonly text: string | undefined; readonly slot: Slot },
  facts: TextValues,
  texts: Texts,
): Promise<string | null> {
  if (text === undefined) return null
  let result = text
  if (hasPlaceholders(text)) {
    const engine = await source()
    try {
      result = engine.write(text, valuesFor(slot, facts, texts), maxLength[slot])
    } catch (error) {
      throw textFailure(path, error)
    }
  }
  const tidy = slot === 'line' ? tidyLine(result, 200) : tidyLines(result)
  return isVisible(tidy) ? tidy : null
}

/** Throws a message error for a text that cannot be filled in. */
export async function fillMessage(
  source: TemplateEngineSource,
  { email = {}, sms = {} }: TemplateSections,
  { channel, facts, texts }: { readonly channel: string; readonly facts: TextValues; readonly texts: Texts },
): Promise<FilledMessage> {
  const fill = (path: string, text: string | undefined, slot: Slot) => fillText(source, { path, text, slot }, facts, texts)
  if (channel !== 'email') {
    const short = await fill('sms.body', sms.body, 'short')
    return short === null ? {} : { short }
  }
  const subject = await fill('email.subject', email.subject, 'line')
  const senderName = await fill('email.senderName', email.senderName, 'line')
  const body = await fill('email.body', email.body, 'mail')
  return {
    ...(subject === null ? {} : { subject }),
    ...(senderName === null ? {} : { senderName }),
    ...(email.replyTo === undefined ? {} : { replyTo: [email.replyTo].flat() }),
    ...(body === null ? {} : { body }),
  }
}

export async function fillPage(
  source: TemplateEngineSource,
  { sections, name }: { readonly sections: TemplateSections; readonly name: 'landing' | 'success' },
  facts: TextValues,
  texts: Texts,
): Promise<PageTexts> {
  const { header, description, button } = sections[name] ?? {}
  const fill = (field: string, text: string | undefined) =>
    fillText(source, { path: `${name}.${field}`, text, slot: 'page' }, facts, texts)
  return {
    header: await fill('header', header),
    description: await fill('description', description),
    button: await fill('button', button),
  }
}
