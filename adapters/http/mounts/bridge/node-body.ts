// The body of a node:http request: from the socket, or encoded again from what an earlier body parser has left.
import type { IncomingMessage } from 'node:http'
import { consumed, type Sink, type Source, whole } from '../../handler/body-source.ts'
import { hostError } from '../../handler/host-error.ts'

/** By lower-case name. */
export type HeaderMap = Map<string, string>

/** Whether a parser has read it is told by the stream, not by `body`: Express 4 sets `{}` there even when no parser has read. */
export function bodyOf(req: IncomingMessage, parsed: object, headers: HeaderMap): Source | null {
  if (req.httpVersionMajor < 2 && !headers.has('transfer-encoding') && !Number(headers.get('content-length'))) return null
  const isUnread = !req.readableDidRead && (req.readableEnded || req.readableFlowing !== true)
  if (isUnread) return socketBody(req)
  const bytes = encodeParsed(req, parsed, headers)
  if (bytes === null) {
    return consumed(
      'Mount invitekit before what reads it, or let that keep the bytes as `req.rawBody` or the parsed value as `req.body`.',
    )
  }
  headers.delete('content-encoding') // parsers have decompressed it
  headers.delete('transfer-encoding')
  headers.set('content-length', String(bytes.byteLength))
  return whole(async () => bytes)
}

/** Reads by events. Leaving a `for await (… of req)` early would destroy the socket, and a 413 would never arrive. */
function socketBody(req: IncomingMessage): Source {
  let stop = () => {}
  const flow = ({ data, end, fail }: Sink) => {
    const onData = (part: Buffer | string) =>
      data(typeof part === 'string' ? Buffer.from(part, req.readableEncoding ?? 'utf8') : part)
    const onEnd = () => {
      off()
      end()
    }
    const onAbort = (cause?: unknown) => {
      off()
      fail(hostError(400, 'the client left before its body had arrived', { cause }))
    }
    const off = () => req.off('data', onData).off('end', onEnd).off('error', onAbort).off('close', onAbort)
    stop = () => void off().pause()
    if (req.readableEnded) onEnd()
    else if (req.destroyed) onAbort()
    else req.on('data', onData).on('end', onEnd).on('error', onAbort).on('close', onAbort).resume()
  }
  return { flow, stop: () => stop() }
}

function encodeParsed(req: IncomingMessage, parsed: object, headers: HeaderMap): Uint8Array | null {
  const rawBody = [parsed, req].map(one => ('rawBody' in one ? one.rawBody : undefined)).find(raw => raw !== undefined)
  const value = rawBody ?? ('body' in parsed ? parsed.body : undefined)
  if (value instanceof Uint8Array) return value
  if (value === undefined) return null
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  const isObject = typeof value === 'object' && value !== null
  // The `{}` of Express 4 that no parser made: body-parser sets `_body` on requests that it has read.
  const isPlaceholder = isObject && Object.keys(value).length === 0 && !('_body' in req && req._body)
  if (isPlaceholder && Number(headers.get('content-length')) > 16) return null
  if (type) headers.set('content-type', type) // without its charset: the text is encoded as UTF-8 again
  if (typeof value === 'string') return Buffer.from(value)
  const isForm = isObject && (type === 'application/x-www-form-urlencoded' || type === 'multipart/form-data')
  if (isForm) headers.set('content-type', 'application/x-www-form-urlencoded') // without its boundary, too
  return Buffer.from(isForm ? String(new URLSearchParams([...pairs(value)])) : jsonOf(value))
}

const tooDeep = '['.repeat(100) + ']'.repeat(100)

/** A value that cannot be encoded becomes a text that is refused for the same reason: nested too deeply, or not JSON. */
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
