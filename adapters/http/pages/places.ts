// Where a page may send people: what the host configured, and only as a path of this site or an absolute address.
import type { Config, Preview } from '../../../src/index.ts'

/** What this room reads of the options. */
export type Settings = Pick<Config, 'publicUrl' | 'pages' | 'onError'>

/** The host's sign-in, or its sign-up for somebody new; null when it gave none. */
export function signInPlace(settings: Settings, returnTo: string, next: Preview<string>['next']): string | null {
  const { signIn, signUp } = settings.pages
  const way = (next === 'sign_up' ? signUp : undefined) ?? signIn
  if (way === undefined) return null
  const place = typeof way === 'string' ? way.replaceAll('{returnTo}', encodeURIComponent(returnTo)) : way({ returnTo })
  return checkPlace(settings, place, 'pages.signIn')
}

/** Where to go once accepted; null when the host said nothing. */
export function afterPlace(
  settings: Settings,
  accepted: { readonly organizationId: string; readonly userId: string; readonly role: string },
): string | null {
  const { afterAccept } = settings.pages
  if (afterAccept === undefined) return null
  return checkPlace(settings, typeof afterAccept === 'string' ? afterAccept : afterAccept(accepted), 'pages.afterAccept')
}

/**
 * A path of this site or an absolute address; http only where the site itself is http. Anything else is reported, and
 * the page does without.
 */
function checkPlace({ publicUrl, onError }: Settings, place: string, name: string): string | null {
  const site = new URL(publicUrl)
  const isPath = place.startsWith('/')
  const url = URL.canParse(place, isPath ? site.origin : undefined) ? new URL(place, isPath ? site.origin : undefined) : null
  if (url && isPath && url.origin === site.origin) return url.href.slice(url.origin.length)
  const isWeb = url?.protocol === 'https:' || url?.protocol === site.protocol
  if (url && !isPath && isWeb && url.username === '') return url.href
  const error = new Error(
    `\`${name}\` must give a path such as /team or an https address, not ${JSON.stringify(place.slice(0, 80))}.`,
  )
  onError(error, { where: 'the landing page' })
  return null
}

/**
 * What `form-action` must allow. Chromium holds it against every redirect after a form, and a sign-in may redirect
 * further, to an identity provider that nobody told us of: so any https address, once the host configured a way out.
 */
export function formTargets({ pages, publicUrl }: Settings): string {
  const leaves = [pages.signIn, pages.signUp, pages.afterAccept].some(way => way !== undefined)
  if (!leaves) return "'self'"
  return publicUrl.startsWith('http:') ? "'self' https: http:" : "'self' https:"
}
