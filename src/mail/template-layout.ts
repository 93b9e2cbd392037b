// A template's words in the built-in layout: its paragraphs, and below them the button and what they left out.

import type { MessageFacts, Rendered } from '../ports/render.ts'
import { dateText } from '../text/catalogue.ts'
import type { Texts } from '../text/locales/texts.ts'
import { escapeHtml } from '../text/sanitize.ts'
import { anchor, ending, mailPage, paragraph } from './html.ts'

/** The body as it was written: the values in it are tame, and nothing in it is markup. */
export function templateLayout(
  facts: MessageFacts,
  texts: Texts,
  { subject, body }: { readonly subject: string; readonly body: string },
): Pick<Rendered, 'text' | 'html'> {
  const { link, brand } = facts
  const hasLink = body.includes(link)
  const rest = { ...left(facts, texts, body), hasLink }
  const parts = [body, hasLink ? null : `${texts.button}:\n${link}`, rest.code, rest.until, texts.unexpected]
  const paragraphs = body.split('\n\n').map(part => paragraph(toHtml(part, link)))
  return {
    text: `${parts.filter(part => part !== null).join('\n\n')}\n`,
    html: mailPage(
      {
        title: escapeHtml(subject),
        headline: null,
        preview: '',
        content: [...paragraphs, ending(facts, texts, rest)].join('\n'),
      },
      texts,
      brand,
    ),
  }
}

/** The link stands last on its line, so that nothing is taken for a part of it. */
export function templateShort({ link, code }: MessageFacts, texts: Texts, body: string): string {
  const parts = [body, body.includes(link) ? null : link, code === null || body.includes(code) ? null : texts.code(code)]
  return parts.filter(part => part !== null).join('\n')
}

/** What the body does not say itself. */
function left({ code, expiresAt, recipient }: MessageFacts, texts: Texts, body: string) {
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
