// Converts a fetch Request to what the handler reads, and its answer to a Response.
import { consumed, streamed } from '../../handler/body-source.ts'
import type { Incoming, Outgoing } from '../../handler/message.ts'
import { queryOf } from './mount.ts'

export function fromRequest(request: Request): Incoming {
  return {
    method: request.method,
    query: queryOf(request.url),
    headers: request.headers,
    get body() {
      if (request.body === null) return null
      return request.bodyUsed || request.body.locked ? consumed('Pass it unread, or read a clone.') : streamed(request.body)
    },
    get signal() {
      return request.signal
    },
  }
}

export const toResponse = ({ status, headers, body }: Outgoing): Response =>
  new Response(body, { status, headers: [...headers] })
