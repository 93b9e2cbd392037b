// The HTML of the built-in mails. It uses tables and inline styles, because mail clients support little else, and it can be
// read without images, without styles, on a phone and in dark mode.
import type { MessageFacts } from '../ports/render.ts'
import type { Texts } from '../text/locales/texts.ts'
import { escapeHtml, neutralizeLinks } from '../text/sanitize.ts'

const font = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"

const styles = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:600px){.card{padding:28px 22px!important}.button a{display:block!important}}
@media (prefers-color-scheme:dark){
.page{background:#15171a!important}.card{background:#1f2226!important;border-color:#33383e!important}
.ink{color:#f2f3f4!important}.soft{color:#b3b9c0!important}.link{color:#a8c7fa!important}.rule{border-color:#33383e!important}
.button,.button a{border-color:#5b636c!important}
}`

/** The sentences of a mail: safe HTML in the HTML part, plain text in the text part. */
export interface Wording {
  readonly headline: string
  readonly hello: string
  readonly role: string
  readonly until: string | null
  readonly code: string | null
}

export const paragraph = (content: string, style = 'color:#1d2126', name = 'ink'): string =>
  `<p class="${name}" style="margin:0 0 16px;${font};font-size:16px;line-height:1.55;${style}">${content}</p>`

const soft = 'color:#59616b;font-size:14px'

/** `wording` is safe HTML; everything else is escaped here. */
export function mailHtml(facts: MessageFacts, texts: Texts, wording: Wording): string {
  const { headline, hello, role, until } = wording
  const content = [paragraph(hello), paragraph(role), ending(facts, texts, { ...wording, hasLink: false })].join('\n')
  return mailPage({ title: headline, headline, preview: `${role} ${until ?? ''}`, content }, texts, facts.brand)
}

/** The end of every mail: the button, the link unless the text above has it, the code, the expiry, and a closing line. */
export function ending(
  { link, brand }: MessageFacts,
  texts: Texts,
  { code, until, hasLink }: Pick<Wording, 'code' | 'until'> & { readonly hasLink: boolean },
): string {
  const address = `${texts.address}<br>${anchor(link)}`
  return [
    button(link, texts.button, brand),
    ...[hasLink ? null : address, code, until].flatMap(part => (part === null ? [] : [paragraph(part, soft, 'soft')])),
    `<p class="soft rule" style="margin:24px 0 0;padding:20px 0 0;border-top:1px solid #e1e4e0;${font};font-size:13px;line-height:1.5;color:#59616b">${texts.unexpected}</p>`,
  ].join('\n')
}

/** A link whose text is the address in full. */
export function anchor(link: string): string {
  const href = escapeHtml(link)
  return `<a class="link" dir="ltr" href="${href}" style="color:#1a56b0;word-break:break-all">${href}</a>`
}

/** All parts are safe HTML. */
interface MailPage {
  /** The `<title>`; `<bdi>` is taken out of it. Default: the headline. */
  readonly title?: string
  readonly headline: string | null
  /** Hidden text that an inbox shows after the subject. */
  readonly preview: string
  readonly content: string
}

/** A whole HTML document: one column, with the brand above it. */
export function mailPage(
  { headline, title = headline ?? '', preview, content }: MailPage,
  texts: Texts,
  brand: MessageFacts['brand'],
): string {
  const dir = texts.rtl ? 'rtl' : 'ltr'
  const start = texts.rtl ? 'right' : 'left'
  return `<!doctype html>
<html lang="${texts.language}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<meta name="x-apple-disable-message-reformatting">
<title>${withoutBdi(title)}</title>
<style>${styles}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f3f4f2">
<div style="display:none;max-height:0;overflow:hidden">${withoutBdi(preview)}</div>
<div role="main" aria-roledescription="email">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#f3f4f2" style="background:#f3f4f2">
<tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:540px">
${brandRow(brand, start)}<tr><td class="card" dir="${dir}" align="${start}" style="background:#ffffff;border:1px solid #e1e4e0;border-radius:14px;padding:40px">
${headline === null ? '' : heading(headline)}${content}
</td></tr>
</table>
</td></tr>
</table>
</div>
</body>
</html>
`
}

const heading = (content: string) =>
  `<h1 class="ink" style="margin:0 0 20px;${font};font-size:24px;line-height:1.3;font-weight:650;text-wrap:balance;color:#1d2126">${content}</h1>
`

/** For a place that takes no elements, such as `<title>`. */
const withoutBdi = (html: string) => html.replace(/<\/?bdi>/g, '')

function brandRow({ name, logoUrl }: MessageFacts['brand'], start: string): string {
  const safeName = name === undefined ? '' : escapeHtml(neutralizeLinks(name))
  const logo =
    logoUrl !== undefined && /^https:\/\/[^\s"'<>]+$/.test(logoUrl)
      ? `<img src="${escapeHtml(logoUrl)}" alt="${safeName}" height="36" style="height:36px;max-width:200px;border:0;vertical-align:middle">`
      : safeName
  if (logo === '') return ''
  return `<tr><td class="ink" align="${start}" style="padding:0 4px 16px;${font};font-size:15px;font-weight:650;color:#1d2126">${logo}</td></tr>
`
}

/** Colour and height are the cell's, because Outlook ignores them on a link. */
export function button(link: string, label: string, brand: MessageFacts['brand']): string {
  const { color, ink } = colorOf(brand)
  return `<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 28px">
<tr><td class="button" align="center" bgcolor="${color}" style="background:${color};border:1px solid ${color};border-radius:10px;mso-padding-alt:13px 28px">
<a href="${escapeHtml(link)}" style="display:inline-block;padding:13px 28px;border-radius:10px;${font};font-size:16px;line-height:22px;font-weight:600;color:${ink};text-decoration:none">${label}</a>
</td></tr>
</table>`
}

const defaultColor = '#17594f'

/** The brand's colour, and black or white for the text on it, whichever has more contrast (WCAG relative luminance). */
function colorOf({ color }: MessageFacts['brand']): { color: string; ink: string } {
  const background = color !== undefined && /^#[0-9a-f]{6}$/i.test(color) ? color : defaultColor
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const part = Number.parseInt(background.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
  return { color: background, ink: luminance > 0.179 ? '#000000' : '#ffffff' }
}
