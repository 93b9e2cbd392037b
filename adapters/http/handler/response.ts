// Turns the answer of a route into what is sent, with the headers that all answers have.
import { cancel, type Outgoing, type Reply } from './message.ts'

const commonHeaders = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

/** Headers that the answer has itself win. `type`: of a body whose headers name no media type. */
export function toOutgoing(reply: Reply | Response, type = 'application/json'): Outgoing {
  if (reply instanceof Response) return { status: reply.status, headers: pageHeaders(reply.headers), body: reply.body }
  const { status, body, headers } = reply
  if (body === undefined) return { status, headers: Object.entries({ ...commonHeaders, ...headers }), body: null }
  return { status, headers: Object.entries({ 'content-type': type, ...commonHeaders, ...headers }), body: JSON.stringify(body) }
}

const pageHeaders = (headers: Headers): Outgoing['headers'] => [
  ...Object.entries(commonHeaders).filter(([name]) => !headers.has(name)),
  ...headers,
]

/** The same answer without its body, for a HEAD request. */
export function withoutBody(outgoing: Outgoing): Outgoing {
  cancel(outgoing)
  return { ...outgoing, body: null }
}

/** The value of an Allow header. */
export const allowed = (methods: readonly string[]): string =>
  [...new Set([...methods.flatMap(method => (method === 'GET' ? ['GET', 'HEAD'] : [method])), 'OPTIONS'])].join(', ')
