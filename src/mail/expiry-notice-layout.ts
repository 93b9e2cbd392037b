// The built-in expiry notice, as text and HTML, in the inviter's language.

import type { NoticeFacts, Rendered } from '../ports/render.ts'
import { dateText, textsOf } from '../text/catalogue.ts'
import { escapeHtml, isolate, neutralizeLinks } from '../text/sanitize.ts'
import { button, mailPage, paragraph } from './html.ts'

/** Whatever a person typed is escaped, on one line, bounded, and no link. */
export function noticeLayout(facts: NoticeFacts): Rendered {
  const { inviter, page, brand } = facts
  const texts = textsOf(inviter.locale)
  const html = wordsOf(facts, value => `<bdi>${escapeHtml(neutralizeLinks(value))}</bdi>`)
  const text = wordsOf(facts, value => isolate(neutralizeLinks(value), texts.rtl))
  const { headline } = wordsOf(facts, value => isolate(neutralizeLinks(value, 50), texts.rtl))
  const { advice, button: label } = texts.expired
  const linked = page === null ? [] : [`${label}:\n${page}`]
  const content = [paragraph(html.hello), paragraph(html.said), paragraph(advice)]
  return {
    subject: headline,
    text: `${[text.hello, text.said, advice, ...linked].join('\n\n')}\n`,
    html: mailPage(
      {
        headline: html.headline,
        preview: html.said,
        content: [...content, ...(page === null ? [] : [button(page, label, brand)])].join('\n'),
      },
      texts,
      brand,
    ),
  }
}

function wordsOf({ invite, inviter, recipient, organization, brand }: NoticeFacts, mark: (typed: string) => string) {
  const texts = textsOf(inviter.locale)
  const shown = (value: string | null | undefined) => (value && neutralizeLinks(value) !== '' ? mark(value) : null)
  const name = shown(recipient.fullName) ?? shown(recipient.firstName)
  const address = mark(recipient.email ?? recipient.phone ?? '')
  const who = name === null ? address : `${name} (${address})`
  const { headline, said } = texts.expired
  return {
    hello: texts.hello(shown(inviter.name)),
    headline: headline(name ?? address),
    said: said(who, shown(organization.name) ?? shown(brand.name), dateText(invite.expiresAt, inviter.locale, texts)),
  }
}
