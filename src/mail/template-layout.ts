// Puts the body of a template into the built-in layout: its paragraphs, the button, and the facts that the body leaves out.

import type { MessageFacts, Rendered } from '../ports/render.ts'
import { dateText } from '../text/catalogue.ts'
import type { Texts } from '../text/locales/texts.ts'
import { escapeHtml } from '../text/sanitize.ts'
import { anchor, ending, mailPage, paragraph } from './html.ts'

/** `body` is plain text whose values are sanitized already. All of it is escaped for HTML. */
export function templateLayout(
  facts: MessageFacts,
  texts: Texts,
  { subject, body }: { readonly subject: string; readonly body: string },
): Pick<Rendered, 'text' | 'html'> {
  const { link, brand } = facts
  const hasLink = body.includes(link)
  const missing = { ...missingFacts(facts, texts, body), hasLink }
  const parts = [body, hasLink ? null : `${texts.button}:\n${link}`, missing.code, missing.until, texts.unexpected]
  const paragraphs = body.split('\n\n').map(part => paragraph(toHtml(part, link)))
  return {
    text: `${parts.filter(part => part !== null).join('\n\n')}\n`,
    html: mailPage(
      {
        title: escapeHtml(subject),
        headline: null,
        preview: '',
        content: [...paragraphs, ending(facts, texts, missing)].join('\n'),
      },
      texts,
      brand,
    ),
  }
}

/** The link is the last thing on its line, so that a client takes no other text for a part of it. */
export function templateShort({ link, code }: MessageFacts, texts: Texts, body: string): string {
  const parts = [body, body.includes(link) ? null : link, code === null || body.includes(code) ? null : texts.code(code)]
  return parts.filter(part => part !== null).join('\n')
}

/** The code and the expiry, where the body does not have them. */
function missingFacts({ code, expiresAt, recipient }: MessageFacts, texts: Texts, body: string) {
  const date = expiresAt === null ? null : dateText(expiresAt, recipient.locale, texts)
  return {
    code: code === null || body.includes(code) ? null : texts.code(code),
    until: date === null || body.includes(date) ? null : texts.until(date),
  }
}

function toHtml(text: string, link: string): string {
  const lines = text.split(link).map(part => escapeHtml(part).replaceAll('\n', '<br>\n'))
  return lines.join(anchor(link))
}
