// The option `pages`: where the pages send people, and the brand on pages and in mails.

import type { Pages } from '../api/options.ts'
import type { Flaw } from '../domain/rejection.ts'
import { brandShape } from '../validation/brand.ts'
import { type OptionChecks, runChecks } from '../validation/known-options.ts'
import { isRecord } from '../validation/validators.ts'
import { refuse } from './numbers.ts'
import { safeRedirect } from './urls.ts'

export function checkPages(pages: Pages = {}, publicUrl: string): Pages {
  if (!isRecord(pages)) refuse('`pages` must be an object, such as { signIn, afterAccept, brand }.')
  const checks = {
    signIn: url => checkSignIn('signIn', url, publicUrl),
    signUp: url => checkSignIn('signUp', url, publicUrl),
    afterAccept: url => checkRedirect('afterAccept', url, { example: '/team', publicUrl }),
    brand: checkBrand,
  } satisfies OptionChecks<Pages>
  const unknown = (name: string) => `there is no page option \`${name}\`; in \`pages\` are`
  runChecks(pages, checks, { refuse, unknown })
  return pages
}

/** After signing in or up, the host sends people back to `{returnTo}`. */
function checkSignIn(name: 'signIn' | 'signUp', url: unknown, publicUrl: string): void {
  const example = '/login?next={returnTo}'
  checkRedirect(name, typeof url === 'string' ? url.replaceAll('{returnTo}', 'x') : url, { example, publicUrl })
  if (typeof url === 'string' && !url.includes('{returnTo}'))
    refuse(`\`pages.${name}\` must have {returnTo} where the way back goes, such as '${example}', or nobody comes back.`)
}

interface Redirect {
  readonly example: string
  readonly publicUrl: string
}

function checkRedirect(name: keyof Pages, url: unknown, { example, publicUrl }: Redirect): void {
  if (url === undefined || typeof url === 'function' || safeRedirect(url, publicUrl) !== null) return
  refuse(`\`pages.${name}\` must be a path such as '${example}', an https address, or a function that answers one.`)
}

function checkBrand(brand: unknown): void {
  if (brand === undefined) return
  const flaws: Flaw[] = []
  brandShape(brand, 'pages.brand', flaws)
  const [flaw] = flaws
  if (flaw) refuse(`\`${flaw.path}\` ${flaw.detail}.`)
}
