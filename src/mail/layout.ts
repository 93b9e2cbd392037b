// The built-in layout of an invite message: a mail as plain text and HTML, and one short text for every other channel.

import type { MessageFacts, Rendered } from '../ports/render.ts'
import type { FilledMessage } from '../templates/fill.ts'
import { dateText, textsOf } from '../text/catalogue.ts'
import type { Texts } from '../text/locales/texts.ts'
import { escapeHtml, isolate, neutralizeLinks, neutralizeLinksShort } from '../text/sanitize.ts'
import { mailHtml, type Wording } from './html.ts'
import { templateLayout, templateShort } from './template-layout.ts'

/**
 * Uses the template's texts where it has them. What people typed is put on one line, cut, escaped, and made no link; the
 * template's texts come with that done.
 */
export function layout(facts: MessageFacts, { short, subject, body, ...sender }: FilledMessage = {}): Rendered {
  const texts = textsOf(facts.recipient.locale)
  if (facts.channel !== 'email')
    return { text: short === undefined ? shortText(facts, texts) : templateShort(facts, texts, short) }
  const text = (value: string) => isolate(neutralizeLinks(value), texts.rtl)
  const html = (value: string) => `<bdi>${escapeHtml(neutralizeLinks(value))}</bdi>`
  const head = { ...sender, subject: subjectOf(facts, texts, subject) }
  if (body !== undefined) return { ...head, ...templateLayout(facts, texts, { subject: head.subject, body }) }
  return {
    ...head,
    text: mailText(facts, texts, wordingOf(facts, texts, text)),
    html: mailHtml(facts, texts, wordingOf(facts, texts, html)),
  }
}

function subjectOf(facts: MessageFacts, texts: Texts, fromTemplate: string | undefined): string {
  const headline = fromTemplate ?? headlineOf(facts, texts, value => isolate(neutralizeLinks(value, 50), texts.rtl))
  return facts.reason === 'reminder' ? texts.reminder(headline) : headline
}

/** An organization without a name is called by the name of the brand. */
function headlineOf({ inviter, organization, brand }: MessageFacts, texts: Texts, sanitize: (text: string) => string): string {
  const nameOrNull = (name: string | null | undefined) => (name && neutralizeLinks(name) !== '' ? sanitize(name) : null)
  return texts.headline(nameOrNull(inviter.name), nameOrNull(organization.name) ?? nameOrNull(brand.name))
}

function wordingOf(facts: MessageFacts, texts: Texts, sanitize: (text: string) => string): Wording {
  const { recipient, role, expiresAt, code } = facts
  const name = recipient.firstName ?? recipient.fullName
  return {
    headline: headlineOf(facts, texts, sanitize),
    hello: texts.hello(name && neutralizeLinks(name) !== '' ? sanitize(name) : null),
    role: texts.role(sanitize(Object.hasOwn(texts.roles, role) ? (texts.roles[role] ?? role) : role)),
    until: expiresAt === null ? null : texts.until(dateText(expiresAt, recipient.locale, texts)),
    // Not sanitized: the library made it, without characters that HTML reads. People copy it, so it must stay as it is.
    code: code === null ? null : texts.code(code),
  }
}

function mailText({ link }: MessageFacts, texts: Texts, wording: Wording): string {
  const { hello, headline, role, until, code } = wording
  const paragraphs = [hello, headline, role, `${texts.button}:\n${link}`, code, until, texts.unexpected]
  return `${paragraphs.filter(part => part !== null).join('\n\n')}\n`
}

/** The link is the last thing on its line, so that a client takes no other text for a part of it. */
function shortText(facts: MessageFacts, texts: Texts): string {
  const headline = headlineOf(facts, texts, value => isolate(neutralizeLinksShort(value), texts.rtl))
  const code = facts.code === null ? '' : `\n${texts.code(facts.code)}`
  return `${headline}:\n${facts.link}${code}`
}
