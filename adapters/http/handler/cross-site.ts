// Requests that a stranger's page could make with a visitor's cookies.
import type { Incoming } from './message.ts'
import { refuse } from './refusal.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

const crossSite = 'A call with a cookie must come from a page of the same origin as `publicUrl`, or of `trustedOrigins`.'

/** Throws `cross_site_request` unless the request carries a credential of its own or comes from a page of the host. */
export function refuseCrossSite(request: Incoming, origins: ReadonlySet<string>): void {
  if (safe.has(request.method) || !isAmbient(request.headers)) return
  const origin = request.headers.get('origin')
  if (request.headers.get('sec-fetch-site') === 'same-origin') return
  if (origin !== null && origins.has(origin)) return
  throw refuse({ code: 'cross_site_request', detail: crossSite })
}

/** What a browser adds by itself is ambient; a Bearer token or an API key was put there by whoever wrote the call. */
function isAmbient(headers: Incoming['headers']): boolean {
  const authorization = headers.get('authorization')
  const scheme = authorization?.trim().split(/\s/)[0]?.toLowerCase()
  if (scheme === 'bearer' || headers.has('x-api-key')) return false
  return headers.has('cookie') || (scheme !== undefined && ['basic', 'digest', 'negotiate', 'ntlm'].includes(scheme))
}

/** With a cookie the body must be JSON even when it is empty: no form may get through. */
export function refuseForms(request: Incoming): void {
  const type = request.headers.get('content-type')?.toLowerCase() ?? ''
  if (safe.has(request.method) || !isAmbient(request.headers)) return
  if (/^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)/.test(type)) {
    throw refuse({ code: 'unsupported_media_type', detail: 'The body must be JSON.' })
  }
}
