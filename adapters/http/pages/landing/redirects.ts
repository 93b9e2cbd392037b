// The redirect targets of the landing page: the host's configured URLs, checked to be a path of this site or an https address.
import type { Config, Preview } from '../../../../src/core.ts'

/** The configuration that redirects are made from. */
export type Settings = Pick<Config, 'publicUrl' | 'pages' | 'onError' | 'safeRedirect'>

/** The host's sign-in, or its sign-up for somebody without an account. Null when none is configured. */
export function signInUrl(settings: Settings, returnTo: string, next: Preview<string>['next']): string | null {
  const { signUp } = settings.pages
  const name = next === 'sign_up' && signUp !== undefined ? 'signUp' : 'signIn'
  const target = settings.pages[name]
  if (target === undefined) return null
  return redirectFrom(settings, `pages.${name}`, () =>
    typeof target === 'string' ? target.replaceAll('{returnTo}', encodeURIComponent(returnTo)) : target({ returnTo }),
  )
}

/** The host's page after acceptance. Null when none is configured. */
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

/** An unsafe or failing target is reported to `onError` and left out, because the visitor cannot correct it. */
function redirectFrom({ onError, safeRedirect }: Settings, name: string, target: () => unknown): string | null {
  const report = (error: unknown) => void onError(error, { where: `the landing page: ${name}` })
  try {
    const url = target()
    const found = safeRedirect(url)
    if (found === null) report(noRedirect(name, url))
    return found
  } catch (error) {
    report(error)
    return null
  }
}

function noRedirect(name: string, url: unknown): TypeError {
  // A promise may fail later, and nobody waits for it.
  if (url instanceof Promise) url.catch(() => {})
  return new TypeError(`\`${name}\` must give a path such as /team or an https address, not ${kindOf(name, url)}.`)
}

/** The answer of a sign-in hook is not quoted, because the `returnTo` in it has the token. */
function kindOf(name: string, url: unknown): string {
  if (typeof url === 'string') return name === 'pages.afterAccept' ? JSON.stringify(url.slice(0, 80)) : 'another text'
  return url instanceof Promise ? 'a promise' : typeof url
}

/**
 * The sources of the CSP's `form-action`. Chromium applies it to every redirect after a form, and a sign-in may redirect on to
 * an identity provider that is unknown here. So every https address is allowed once the host has configured a redirect.
 */
export function formTargets({ pages, publicUrl }: Settings): string {
  const leaves = [pages.signIn, pages.signUp, pages.afterAccept].some(target => target !== undefined)
  if (!leaves) return "'self'"
  return publicUrl.startsWith('http:') ? "'self' https: http:" : "'self' https:"
}
