// URLs among the options: the public URL of the router, origins that may call it, redirects, and the pattern of links.
import { unsetHint } from '../validation/known-options.ts'
import { refuse } from './numbers.ts'

export function checkUrl(text: string): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash || url.username) {
    return refuse(
      `\`publicUrl\` must be an absolute http(s) address as text, without query, such as https://app.example.com/invites.${unsetHint(text)}`,
    )
  }
  return url.href.replace(/\/+$/, '')
}

export function checkOrigins(origins: readonly string[] = []): readonly string[] {
  if (!Array.isArray(origins)) refuse("`trustedOrigins` must be a list, such as ['https://admin.example.com'].")
  return origins.map(checkOrigin)
}

function checkOrigin(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  return url && url.origin === String(text).replace(/\/$/, '')
    ? url.origin
    : refuse(
        `\`trustedOrigins\` has ${JSON.stringify(text)}, which is no origin such as https://app.example.com.${unsetHint(text)}`,
      )
}

/**
 * A redirect target that is safe to send people to: a path of this site, or an absolute URL. http only where the site itself
 * is http. Null for anything else.
 */
export function safeRedirect(target: unknown, publicUrl: string): string | null {
  if (typeof target !== 'string') return null
  const site = new URL(publicUrl)
  const isPath = target.startsWith('/')
  const base = isPath ? site.origin : undefined
  const url = URL.canParse(target, base) ? new URL(target, base) : null
  if (url && isPath) return url.origin === site.origin ? url.href.slice(url.origin.length) : null
  const isWeb = url?.protocol === 'https:' || url?.protocol === site.protocol
  return url && isWeb && url.username === '' ? url.href : null
}

const placeholders = ['publicUrl', 'token', 'code', 'id', 'sign']

/** Whether links can be made from this pattern: it begins with an address, has a token or code, and only known placeholders. */
export const isPattern = (pattern: string): boolean =>
  /^(\{publicUrl\}|https?:\/\/)/.test(pattern) &&
  /\{(token|code)\}/.test(pattern) &&
  // The built-in page finds an invite by its token only.
  !/^\{publicUrl\}\/i\/(?!\{token\})/.test(pattern) &&
  [...pattern.matchAll(/\{([^}]*)\}/g)].every(([, placeholder]) => placeholders.includes(placeholder ?? ''))

export const checkPattern = (pattern: string): string =>
  isPattern(pattern)
    ? pattern
    : refuse(
        '`linkPattern` begins with {publicUrl} or https://, needs {token} or {code} (after {publicUrl}/i/ the token), and knows {id} and {sign} besides.',
      )
