// The built-in layout of the expiry notice: plain text and HTML, in the inviter's language.

import type { NoticeFacts, Rendered } from '../ports/render.ts'
import { dateText, textsOf } from '../text/catalogue.ts'
import { escapeHtml, isolate, neutralizeLinks } from '../text/sanitize.ts'
import { button, mailPage, paragraph } from './html.ts'

/** What people typed is put on one line, cut, escaped, and made no link. */
export function noticeLayout(facts: NoticeFacts): Rendered {
  const { inviter, page, brand } = facts
  const texts = textsOf(inviter.locale)
  const html = wordingOf(facts, value => `<bdi>${escapeHtml(neutralizeLinks(value))}</bdi>`)
  const text = wordingOf(facts, value => isolate(neutralizeLinks(value), texts.rtl))
  const { headline } = wordingOf(facts, value => isolate(neutralizeLinks(value, 50), texts.rtl))
  const { advice, button: label } = texts.expired
  const linkLines = page === null ? [] : [`${label}:\n${page}`]
  const paragraphs = [paragraph(html.hello), paragraph(html.body), paragraph(advice)]
  return {
    subject: headline,
    text: `${[text.hello, text.body, advice, ...linkLines].join('\n\n')}\n`,
    html: mailPage(
      {
        headline: html.headline,
        preview: html.body,
        content: [...paragraphs, ...(page === null ? [] : [button(page, label, brand)])].join('\n'),
      },
      texts,
      brand,
    ),
  }
}

function wordingOf({ invite, inviter, recipient, organization, brand }: NoticeFacts, sanitize: (text: string) => string) {
  const texts = textsOf(inviter.locale)
  const nameOrNull = (value: string | null | undefined) => (value && neutralizeLinks(value) !== '' ? sanitize(value) : null)
  const name = nameOrNull(recipient.fullName) ?? nameOrNull(recipient.firstName)
  const address = sanitize(recipient.email ?? recipient.phone ?? '')
  const who = name === null ? address : `${name} (${address})`
  const { headline, body } = texts.expired
  return {
    hello: texts.hello(nameOrNull(inviter.name)),
    headline: headline(name ?? address),
    body: body(who, nameOrNull(organization.name) ?? nameOrNull(brand.name), dateText(invite.expiresAt, inviter.locale, texts)),
  }
}
