// The built-in message: a mail as text and HTML, and one short text for every other channel.

import type { MessageFacts, Rendered } from '../ports/render.ts'
import type { Written } from '../templates/fill.ts'
import { dateText, textsOf } from '../text/catalogue.ts'
import type { Texts } from '../text/locales/texts.ts'
import { escapeHtml, isolate, neutralizeLinks, neutralizeLinksShort } from '../text/sanitize.ts'
import { mailHtml, type Wording } from './html.ts'
import { templateLayout, templateShort } from './template-layout.ts'

/** Writes one message, in a template's words where it has some. What a person typed is escaped, on one line, bounded, and no link. */
export function layout(facts: MessageFacts, { short, subject, body, ...sender }: Written = {}): Rendered {
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

function subjectOf(facts: MessageFacts, texts: Texts, own: string | undefined): string {
  const headline = own ?? headlineOf(facts, texts, value => isolate(neutralizeLinks(value, 50), texts.rtl))
  return facts.reason === 'reminder' ? texts.reminder(headline) : headline
}

/** Where the organization has no name, the product's stands for it. */
function headlineOf({ inviter, organization, brand }: MessageFacts, texts: Texts, mark: (typed: string) => string): string {
  const shown = (name: string | null | undefined) => (name && neutralizeLinks(name) !== '' ? mark(name) : null)
  return texts.headline(shown(inviter.name), shown(organization.name) ?? shown(brand.name))
}

function wordingOf(facts: MessageFacts, texts: Texts, mark: (typed: string) => string): Wording {
  const { recipient, role, expiresAt, code } = facts
  const name = recipient.firstName ?? recipient.fullName
  return {
    headline: headlineOf(facts, texts, mark),
    hello: texts.hello(name && neutralizeLinks(name) !== '' ? mark(name) : null),
    role: texts.role(mark(Object.hasOwn(texts.roles, role) ? (texts.roles[role] ?? role) : role)),
    until: expiresAt === null ? null : texts.until(dateText(expiresAt, recipient.locale, texts)),
    // Ours, from an alphabet without markup; people copy it, so nothing may be put into it.
    code: code === null ? null : texts.code(code),
  }
}

function mailText({ link }: MessageFacts, texts: Texts, wording: Wording): string {
  const { hello, headline, role, until, code } = wording
  const paragraphs = [hello, headline, role, `${texts.button}:\n${link}`, code, until, texts.unexpected]
  return `${paragraphs.filter(part => part !== null).join('\n\n')}\n`
}

/** The link stands last on its line, so that nothing is taken for a part of it. */
function shortText(facts: MessageFacts, texts: Texts): string {
  const headline = headlineOf(facts, texts, value => isolate(neutralizeLinksShort(value), texts.rtl))
  const code = facts.code === null ? '' : `\n${texts.code(facts.code)}`
  return `${headline}:\n${facts.link}${code}`
}
