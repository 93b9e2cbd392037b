// Protection against cross-site request forgery (CSRF): a call with a cookie must come from a page of the host.
import type { Incoming } from './message.ts'
import { refuse } from './refusal.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

const crossSiteDetail = 'A call with a cookie must come from a page of the same origin as `publicUrl`, or of `trustedOrigins`.'

/** Throws `cross_site_request` unless the request carries a credential of its own or comes from a page of the host. */
export function refuseCrossSite(request: Incoming, origins: ReadonlySet<string>): void {
  if (safeMethods.has(request.method) || !isAmbient(request.headers)) return
  const origin = request.headers.get('origin')
  if (request.headers.get('sec-fetch-site') === 'same-origin') return
  if (origin !== null && origins.has(origin)) return
  throw refuse({ code: 'cross_site_request', detail: crossSiteDetail })
}

/** Whether a browser sends the credentials by itself: cookies, or those of its own login dialog. Tokens are set by code. */
function isAmbient(headers: Incoming['headers']): boolean {
  const authorization = headers.get('authorization')
  const scheme = authorization?.trim().split(/\s/)[0]?.toLowerCase()
  if (scheme === 'bearer' || headers.has('x-api-key')) return false
  return headers.has('cookie') || (scheme !== undefined && ['basic', 'digest', 'negotiate', 'ntlm'].includes(scheme))
}

/** Throws `unsupported_media_type` for a form with a cookie, even an empty one: any page of another site can send a form. */
export function refuseForms(request: Incoming): void {
  const type = request.headers.get('content-type')?.toLowerCase() ?? ''
  if (safeMethods.has(request.method) || !isAmbient(request.headers)) return
  if (/^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/.test(type)) {
    throw refuse({ code: 'unsupported_media_type', detail: 'The body must be JSON.' })
  }
}
