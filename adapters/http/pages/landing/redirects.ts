// Where a page may send people: what the host configured, and only as a path of this site or an absolute address.
import type { Config, Preview } from '../../../../src/core.ts'

/** What this room reads of the options. */
export type Settings = Pick<Config, 'publicUrl' | 'pages' | 'onError' | 'safeRedirect'>

/** The host's sign-in, or its sign-up for somebody new; null when it gave none. */
export function signInUrl(settings: Settings, returnTo: string, next: Preview<string>['next']): string | null {
  const { signUp } = settings.pages
  const name = next === 'sign_up' && signUp !== undefined ? 'signUp' : 'signIn'
  const way = settings.pages[name]
  if (way === undefined) return null
  return redirectFrom(settings, `pages.${name}`, () =>
    typeof way === 'string' ? way.replaceAll('{returnTo}', encodeURIComponent(returnTo)) : way({ returnTo }),
  )
}

/** Where to go once accepted; null when the host said nothing. */
export function afterAcceptUrl(
  settings: Settings,
  accepted: { readonly organizationId: string; readonly userId: string; readonly role: string },
): string | null {
  const { afterAccept } = settings.pages
  if (afterAccept === undefined) return null
  return redirectFrom(settings, 'pages.afterAccept', () =>
    typeof afterAccept === 'string' ? afterAccept : afterAccept(accepted),
  )
}

/** What is no place is reported, and the page does without: nobody who came here can mend it. */
function redirectFrom({ onError, safeRedirect: placeFrom }: Settings, name: string, answer: () => unknown): string | null {
  const report = (error: unknown) => void onError(error, { where: `the landing page: ${name}` })
  try {
    const place = answer()
    const found = placeFrom(place)
    if (found === null) report(noRedirect(name, place))
    return found
  } catch (error) {
    report(error)
    return null
  }
}

function noRedirect(name: string, place: unknown): TypeError {
  // A promise may fail later, and nobody waits for it.
  if (place instanceof Promise) place.catch(() => {})
  return new TypeError(`\`${name}\` must give a path such as /team or an https address, not ${kindOf(name, place)}.`)
}

/** What a sign-in answered is not quoted: the way back in it has the token. */
function kindOf(name: string, place: unknown): string {
  if (typeof place === 'string') return name === 'pages.afterAccept' ? JSON.stringify(place.slice(0, 80)) : 'another text'
  return place instanceof Promise ? 'a promise' : typeof place
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
