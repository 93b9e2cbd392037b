// From a call's answer to a Response, with the headers that all answers have.
import type { Reply } from './route.ts'

const always = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

export function toResponse(reply: Reply | Response): Response {
  if (reply instanceof Response) return withDefaults(reply)
  const { status, body, headers } = reply
  if (body === undefined) return new Response(null, { status, headers: { ...always, ...headers } })
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...always, ...headers } })
}

/** A page's own headers win. Copied, because those of a redirect cannot be changed. */
function withDefaults(response: Response): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(always)) if (!headers.has(name)) headers.set(name, value)
  return new Response(response.body, { status: response.status, headers })
}

/** The same answer without its body, for HEAD. */
export function withoutBody(response: Response): Response {
  response.body?.cancel().catch(() => {})
  return new Response(null, { status: response.status, headers: response.headers })
}

export const allowed = (methods: readonly string[]): string =>
  [...new Set([...methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'])].join(', ')
