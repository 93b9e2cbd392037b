// What the host says of the pages: the ways out of them, and the brand on them and in mails.

import type { Pages } from '../api/options.ts'
import type { Flaw } from '../domain/rejection.ts'
import { brandShape } from '../validation/brand.ts'
import { isRecord } from '../validation/validators.ts'
import { stop } from './numbers.ts'
import { safeRedirect } from './urls.ts'

const names = ['signIn', 'signUp', 'afterAccept', 'brand'] satisfies (keyof Pages)[]

export function checkPages(pages: Pages | undefined, publicUrl: string): Pages {
  if (pages === undefined) return {}
  if (!isRecord(pages)) stop('`pages` must be an object, such as { signIn, afterAccept, brand }.')
  const unknown = Object.keys(pages).find(key => !names.some(name => name === key))
  if (unknown !== undefined) stop(`there is no page option \`${unknown}\`; in \`pages\` are ${names.join(', ')}.`)
  for (const name of ['signIn', 'signUp'] as const) checkWay(name, pages[name], publicUrl)
  checkPlace('afterAccept', pages.afterAccept, '/team', publicUrl)
  checkBrand(pages.brand)
  return pages
}

/** A way from which people must come back. */
function checkWay(name: 'signIn' | 'signUp', way: unknown, publicUrl: string): void {
  const example = '/login?next={returnTo}'
  checkPlace(name, typeof way === 'string' ? way.replaceAll('{returnTo}', 'x') : way, example, publicUrl)
  if (typeof way === 'string' && !way.includes('{returnTo}'))
    stop(`\`pages.${name}\` must have {returnTo} where the way back goes, such as '${example}', or nobody comes back.`)
}

function checkPlace(name: keyof Pages, place: unknown, example: string, publicUrl: string): void {
  if (place === undefined || typeof place === 'function' || safeRedirect(place, publicUrl) !== null) return
  stop(`\`pages.${name}\` must be a path such as '${example}', an https address, or a function that answers one.`)
}

function checkBrand(brand: unknown): void {
  if (brand === undefined) return
  const flaws: Flaw[] = []
  brandShape(brand, 'pages.brand', flaws)
  const [flaw] = flaws
  if (flaw) stop(`\`${flaw.path}\` ${flaw.detail}.`)
}
