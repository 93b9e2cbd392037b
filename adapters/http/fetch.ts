// From a fetch Request, and back to a Response.
import type { Incoming, Outgoing } from './message.ts'
import { queryOf } from './mount.ts'
import { gone, streamed } from './source.ts'

export function fromRequest(request: Request): Incoming {
  return {
    method: request.method,
    query: queryOf(request.url),
    headers: request.headers,
    get body() {
      if (request.body === null) return null
      return request.bodyUsed || request.body.locked ? gone('Pass it unread, or read a clone.') : streamed(request.body)
    },
    get signal() {
      return request.signal
    },
  }
}

export const toResponse = ({ status, headers, body }: Outgoing): Response =>
  new Response(body, { status, headers: [...headers] })
