// Addresses among the options: where the router is, whose pages may call it, what links look like.
import { stop } from './amounts.ts'

export function checkUrl(text: string): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    return stop('`publicUrl` must be an absolute http(s) address without query, such as https://app.example.com/invites.')
  }
  return url.href.replace(/\/+$/, '')
}

export function checkOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  return url && url.origin === text.replace(/\/$/, '')
    ? url.origin
    : stop(`\`trustedOrigins\` has ${JSON.stringify(text)}, which is no origin such as https://app.example.com.`)
}

/** Whether a link can be made from it: where it begins, and that it has a token or code and no placeholder that we do not know. */
export const isPattern = (pattern: string): boolean =>
  /^(\{publicUrl\}|https?:\/\/)/.test(pattern) &&
  /\{(token|code)\}/.test(pattern) &&
  [...pattern.matchAll(/\{([^}]*)\}/g)].every(([, word]) => ['publicUrl', 'token', 'code', 'id', 'sign'].includes(word ?? ''))

export const checkPattern = (pattern: string): string =>
  isPattern(pattern)
    ? pattern
    : stop('`linkPattern` begins with {publicUrl} or https://, needs {token} or {code}, and knows {id} and {sign} besides.')
