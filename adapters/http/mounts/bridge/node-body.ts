// The body of a node:http request: from the socket, or from what a parser before us has made of it.
import type { IncomingMessage } from 'node:http'
import { gone, type Sink, type Source, whole } from '../../handler/body-source.ts'
import { hostError } from '../../handler/host-error.ts'

/** By lower-case name. */
export type HeaderMap = Map<string, string>

/** The stream decides, never `body`: Express 4 puts `{}` there for every type that no parser read. */
export function bodyOf(req: IncomingMessage, parsed: object, headers: HeaderMap): Source | null {
  if (req.httpVersionMajor < 2 && !headers.has('transfer-encoding') && !Number(headers.get('content-length'))) return null
  const untouched = !req.readableDidRead && (req.readableEnded || req.readableFlowing !== true)
  if (untouched) return arriving(req)
  const rest = rebuilt(req, parsed, headers)
  if (rest === null) {
    return gone(
      'Mount invitekit before what reads it, or let that keep the bytes as `req.rawBody` or the parsed value as `req.body`.',
    )
  }
  headers.delete('content-encoding') // parsers inflate
  headers.delete('transfer-encoding')
  headers.set('content-length', String(rest.byteLength))
  return whole(async () => rest)
}

/** By events: leaving a loop of `for await (… of req)` destroys the socket, and a 413 would never arrive. */
function arriving(req: IncomingMessage): Source {
  let stop = () => {}
  const flow = ({ data, end, fail }: Sink) => {
    const chunk = (part: Buffer | string) =>
      data(typeof part === 'string' ? Buffer.from(part, req.readableEncoding ?? 'utf8') : part)
    const ended = () => {
      off()
      end()
    }
    const left = (cause?: unknown) => {
      off()
      fail(hostError(400, 'the client left before its body had arrived', { cause }))
    }
    const off = () => req.off('data', chunk).off('end', ended).off('error', left).off('close', left)
    stop = () => void off().pause()
    if (req.readableEnded) ended()
    else if (req.destroyed) left()
    else req.on('data', chunk).on('end', ended).on('error', left).on('close', left).resume()
  }
  return { flow, stop: () => stop() }
}

function rebuilt(req: IncomingMessage, parsed: object, headers: HeaderMap): Uint8Array | null {
  const kept = [parsed, req].map(place => ('rawBody' in place ? place.rawBody : undefined)).find(raw => raw !== undefined)
  const value = kept ?? ('body' in parsed ? parsed.body : undefined)
  if (value instanceof Uint8Array) return value
  if (value === undefined) return null
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const isObject = typeof value === 'object' && value !== null
  // The `{}` of Express 4 again, when somebody else has read the stream: body-parser marks what it did read with `_body`.
  const hollow = isObject && Object.keys(value).length === 0 && !('_body' in req && req._body)
  if (hollow && Number(headers.get('content-length')) > 16) return null
  if (type) headers.set('content-type', type) // its charset was that of the bytes that are gone
  if (typeof value === 'string') return Buffer.from(value)
  const isForm = isObject && (type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data')
  if (isForm) headers.set('content-type', 'application/x-www-form-urlencoded') // and so was the boundary
  return Buffer.from(isForm ? String(new URLSearchParams([...pairs(value)])) : jsonOf(value))
}

const tooDeep = '['.repeat(100) + ']'.repeat(100)

/** What is too deep to be written is too deep to be taken, and is refused as that; what is no JSON at all, as that. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value)
  } catch (error) {
    return error instanceof RangeError ? tooDeep : '['
  }
}

function* pairs(value: object, path = ''): Generator<[string, string]> {
  for (const [key, item] of Object.entries(value)) {
    const name = Array.isArray(value) ? path : path ? `${path}[${key}]` : key
    if (typeof item === 'object' && item !== null) yield* pairs(item, name)
    else yield [name, String(item ?? '')]
  }
}
