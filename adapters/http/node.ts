// The bridge between node:http and fetch. Ours, because every library we tried lost a body, a cookie, an error or the host.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  answer,
  goneBody,
  type Handle,
  hostError,
  isUnfit,
  lazyBody,
  type MountHooks,
  origin,
  pathOf,
  type Seen,
  toPrefix,
} from './mount.ts'
import { problemResponse } from './problem.ts'
import { sendResponse } from './reply.ts'

export { linger } from './reply.ts'

export interface NodeOptions extends MountHooks<IncomingMessage> {
  /** Where it hangs: `/invites`, or `/orgs/:org/invites`. Default: at the root. */
  readonly prefix?: string | undefined
}

/**
 * A listener for `http.createServer`, or, since it knows `next`, a connect middleware. Without a `next` it answers 404 and 500
 * by itself, and an error goes to `onError` or else becomes a warning of the process.
 */
export function nodeListener(handle: Handle, options: NodeOptions = {}) {
  const below = toPrefix(options.prefix ?? '')
  return (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void): void => {
    const found = below(pathOf(req.url ?? '/'))
    const last = next ?? ending(req, res, options)
    const seen = found && { ...found, clientAddress: req.socket.remoteAddress }
    const hooks = next ? options : { ...options, onError: undefined }
    if (!seen) last()
    else serve(handle, { native: req, req, res, seen, options: hooks }).then(ours => (ours ? undefined : last()), last)
  }
}

const ending =
  (req: IncomingMessage, res: ServerResponse, { onError }: NodeOptions) =>
  (error?: unknown): void => {
    if (error !== undefined && onError) onError(error, { where: 'http' })
    else if (error !== undefined) process.emitWarning(error instanceof Error ? error : String(error))
    const last = problemResponse({ code: error === undefined ? 'not_found' : 'internal' }, randomUUID())
    sendResponse(last, req, res).catch(() => res.destroy())
  }

export interface Arrival<Native> {
  readonly native: Native
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly seen: Seen
  readonly options: MountHooks<Native>
}

/** Answers on `res`. False, and nothing touched, when the path is not ours. */
export async function serve<Native>(handle: Handle, arrival: Arrival<Native>): Promise<boolean> {
  const response = await respond(handle, arrival, arrival.req)
  if (response) await sendResponse(response, arrival.req, arrival.res)
  return response !== undefined
}

/** `parsed` has what a body parser left: on the request itself, but on `ctx.request` in Koa. */
export async function respond<Native>(handle: Handle, arrival: Arrival<Native>, parsed: object): Promise<Response | undefined> {
  const { req, res } = arrival
  // Routers shorten `url` and keep the whole.
  const target = 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '/')
  if (target === '*' || isUnfit(req.method ?? '')) return undefined
  return refusal(req, target) ?? (await answer(handle, toRequest(req, target, { parsed, signal: leaving(res) }), arrival))
}

/** Nothing here believes Host or an absolute target; what stands behind us might. */
function refusal(req: IncomingMessage, target: string): Response | null {
  if (!target.startsWith('/')) return malformed('The request target must be a path.')
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
  // `headers.host` shows the first of several.
  if (hosts.length > 1) return malformed('There must be one Host header.')
  const { host } = req.headers
  if (host === undefined) return null
  const fits = /^(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?$/i.test(host) && URL.canParse(`http://${host}`)
  return fits ? null : malformed('The Host header is malformed.')
}

const malformed = (detail: string): Response => problemResponse({ code: 'malformed_request', detail }, randomUUID())

/** Aborts when the connection closes before the answer is out. */
function leaving(res: ServerResponse): AbortSignal {
  const controller = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) controller.abort()
  })
  return controller.signal
}

interface Rest {
  readonly parsed: object
  readonly signal: AbortSignal
}

function toRequest(req: IncomingMessage, target: string, { parsed, signal }: Rest): Request {
  const headers = new Headers()
  for (let index = 0; index < req.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = req.rawHeaders.slice(index, index + 2)
    if (!name.startsWith(':')) headers.append(name, value) // HTTP/2 has `:path` and others among them
  }
  const method = req.method ?? 'GET'
  const body = method === 'GET' || method === 'HEAD' ? null : bodyOf(req, parsed, headers)
  return new Request(origin + target, { method, headers, signal, body, duplex: 'half' })
}

/** The stream decides, never `body`: Express 4 puts `{}` there for every type that no parser read. */
function bodyOf(req: IncomingMessage, parsed: object, headers: Headers): ReadableStream<Uint8Array> | Uint8Array | null {
  const length = headers.get('content-length')
  if (req.httpVersionMajor < 2 && !headers.has('transfer-encoding') && !Number(length)) return null
  const untouched = !req.readableDidRead && (req.readableEnded || req.readableFlowing !== true)
  if (untouched) return lazyBody(() => chunksOf(req))
  const rest = rebuilt(req, parsed, headers)
  if (rest === null) {
    return goneBody(
      'Mount invitekit before what reads it, or let that keep the bytes as `req.rawBody` or the parsed value as `req.body`.',
    )
  }
  headers.delete('content-encoding') // parsers inflate
  headers.delete('transfer-encoding')
  headers.set('content-length', String(rest.byteLength))
  return rest
}

function rebuilt(req: IncomingMessage, parsed: object, headers: Headers): Uint8Array | null {
  const kept = [parsed, req].map(place => ('rawBody' in place ? place.rawBody : undefined)).find(raw => raw !== undefined)
  const value = kept ?? ('body' in parsed ? parsed.body : undefined)
  if (value instanceof Uint8Array) return value
  if (value === undefined) return null
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (typeof value === 'string') return encode(value, type, headers)
  const isObject = typeof value === 'object' && value !== null
  // The `{}` of Express 4 again, when somebody else has read the stream: body-parser marks what it did read with `_body`.
  const hollow = isObject && Object.keys(value).length === 0 && !('_body' in req && req._body)
  if (hollow && Number(headers.get('content-length')) > 16) return null
  const form = isObject && type === 'application/x-www-form-urlencoded'
  return encode(form ? String(new URLSearchParams([...pairs(value)])) : JSON.stringify(value), type, headers)
}

function encode(text: string, type: string | undefined, headers: Headers): Uint8Array {
  if (type) headers.set('content-type', type) // its charset was that of the bytes that are gone
  return Buffer.from(text)
}

function* pairs(value: object, path = ''): Generator<[string, string]> {
  for (const [key, item] of Object.entries(value)) {
    const name = Array.isArray(value) ? path : path ? `${path}[${key}]` : key
    if (typeof item === 'object' && item !== null) yield* pairs(item, name)
    else yield [name, String(item ?? '')]
  }
}

async function* chunksOf(req: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    // Not `for await (… of req)`: leaving that loop destroys the socket, and a 413 would never arrive.
    const chunks: AsyncIterable<Buffer | string> = { [Symbol.asyncIterator]: () => req.iterator({ destroyOnReturn: false }) }
    for await (const chunk of chunks)
      yield typeof chunk === 'string' ? Buffer.from(chunk, req.readableEncoding ?? 'utf8') : chunk
  } catch (cause) {
    throw hostError(400, 'the client left before its body had arrived', { cause })
  }
}
