// Addresses among the options: where the router is, whose pages may call it, what links look like.
import { stop, unset } from './numbers.ts'

export function checkUrl(text: string): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    return stop(
      `\`publicUrl\` must be an absolute http(s) address as text, without query, such as https://app.example.com/invites.${unset(text)}`,
    )
  }
  return url.href.replace(/\/+$/, '')
}

export function checkOrigins(origins: readonly string[] = []): readonly string[] {
  if (!Array.isArray(origins)) stop("`trustedOrigins` must be a list, such as ['https://admin.example.com'].")
  return origins.map(checkOrigin)
}

function checkOrigin(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  return url && url.origin === String(text).replace(/\/$/, '')
    ? url.origin
    : stop(`\`trustedOrigins\` has ${JSON.stringify(text)}, which is no origin such as https://app.example.com.${unset(text)}`)
}

/**
 * Where a page may send people: a path of this site or an absolute address, http only where the site itself is http.
 * Null for anything else.
 */
export function safeRedirect(place: unknown, publicUrl: string): string | null {
  if (typeof place !== 'string') return null
  const site = new URL(publicUrl)
  const isPath = place.startsWith('/')
  const base = isPath ? site.origin : undefined
  const url = URL.canParse(place, base) ? new URL(place, base) : null
  if (url && isPath) return url.origin === site.origin ? url.href.slice(url.origin.length) : null
  const isWeb = url?.protocol === 'https:' || url?.protocol === site.protocol
  return url && isWeb && url.username === '' ? url.href : null
}

/** Whether a link can be made from it: where it begins, and that it has a token or code and no placeholder that we do not know. */
export const isPattern = (pattern: string): boolean =>
  /^(\{publicUrl\}|https?:\/\/)/.test(pattern) &&
  /\{(token|code)\}/.test(pattern) &&
  // Our own page knows an invite by its token.
  !/^\{publicUrl\}\/i\/(?!\{token\})/.test(pattern) &&
  [...pattern.matchAll(/\{([^}]*)\}/g)].every(([, word]) => ['publicUrl', 'token', 'code', 'id', 'sign'].includes(word ?? ''))

export const checkPattern = (pattern: string): string =>
  isPattern(pattern)
    ? pattern
    : stop(
        '`linkPattern` begins with {publicUrl} or https://, needs {token} or {code} (after {publicUrl}/i/ the token), and knows {id} and {sign} besides.',
      )
