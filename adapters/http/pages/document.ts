// A page as a response: the HTML document around the content, and headers that allow only the stylesheet and the logo.
import type { Html } from './html.ts'
import { html, none, singleLine } from './html.ts'

export interface Page {
  readonly status: number
  readonly language: string
  readonly rtl: boolean
  readonly title: string
  readonly stylesheet: string
  /** As it was configured. A name without visible characters and a logo that is not https are left out. */
  readonly brand: { readonly name?: string | undefined; readonly logoUrl?: string | undefined }
  /** Sources of the CSP's `form-action`. */
  readonly formAction: string
  readonly content: Html
}

const shared = {
  'cache-control': 'no-store',
  // `no-referrer` would make the form send `Origin: null`, which the cross-site check refuses.
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex, nofollow',
  vary: 'Accept-Language, Cookie',
} as const

/** Without a body for HEAD. */
export function pageResponse(page: Page, method: string): Response {
  const logoUrl = secure(page.brand.logoUrl)
  const logo = logoUrl === null ? '' : `; img-src ${new URL(logoUrl).origin}`
  const headers = {
    ...shared,
    'content-type': 'text/html; charset=utf-8',
    'content-language': page.language,
    'content-security-policy': `default-src 'none'; style-src 'self'${logo}; form-action ${page.formAction}; base-uri 'none'; frame-ancestors 'none'`,
    'x-frame-options': 'DENY',
  }
  return new Response(method === 'HEAD' ? null : frame(page, brand(singleLine(page.brand.name), logoUrl)).html, {
    status: page.status,
    headers,
  })
}

/** The answer to a form: the browser continues with a GET of `location`. */
export const redirect = (location: string): Response => new Response(null, { status: 303, headers: { ...shared, location } })

const frame = (page: Page, header: Html): Html => html`<!doctype html>
<html lang="${page.language}" dir="${page.rtl ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no">
<title>${page.title}</title>
<link rel="stylesheet" href="${page.stylesheet}">
</head>
<body>
${header}
${page.content}
</body>
</html>
`

const secure = (url: string | undefined): string | null =>
  url !== undefined && URL.canParse(url) && new URL(url).protocol === 'https:' ? url : null

function brand(name: string | null, logoUrl: string | null): Html {
  if (logoUrl !== null) return html`<header class="brand"><img src="${logoUrl}" alt="${name ?? ''}"></header>`
  return name === null ? none : html`<header class="brand"><bdi>${name}</bdi></header>`
}
