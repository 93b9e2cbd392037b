// Converts a node:http request to what the handler reads. Every library that was tried lost a body, a cookie, an error or the host.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handle } from '../../handler/exchange.ts'
import type { Incoming, Outgoing } from '../../handler/message.ts'
import type { Profile } from '../../handler/profile.ts'
import { toOutgoing } from '../../handler/response.ts'
import { profileOf } from './handle.ts'
import { callHandle, isForbiddenMethod, type MountHooks, type NativeFacts, queryOf } from './mount.ts'
import { bodyOf, type HeaderMap } from './node-body.ts'
import { send } from './node-response.ts'

export interface Arrival<Native> {
  readonly native: Native
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly facts: NativeFacts
  readonly options: MountHooks<Native>
}

/** Answers on `res`. Returns false, and has read and written nothing, when no route has the path. */
export async function serve<Native>(handle: Handle, arrival: Arrival<Native>): Promise<boolean> {
  const outgoing = await respond(handle, arrival, arrival.req)
  if (outgoing) await send(outgoing, arrival.req, arrival.res)
  return outgoing !== undefined
}

/** The answer, not yet sent. `parsed` is the object on which a body parser leaves its result: the request, in Koa `ctx.request`. */
export async function respond<Native>(handle: Handle, arrival: Arrival<Native>, parsed: object): Promise<Outgoing | undefined> {
  const { req, res } = arrival
  // Routers cut their prefix off `url`, and keep the whole in `originalUrl`.
  const target = 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '/')
  if (target === '*' || isForbiddenMethod(req.method ?? '')) return undefined
  const headers = headersOf(req)
  const flaw = flawOf(target, headers.get('host'))
  if (flaw !== null) return malformed(profileOf(arrival.options), flaw)
  return callHandle(handle, toIncoming(headers, { req, res, parsed, target }), arrival)
}

function headersOf({ rawHeaders }: IncomingMessage): HeaderMap {
  const headers = new Map<string, string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    const before = headers.get(name)
    headers.set(name, before === undefined ? value : `${before}${name === 'cookie' ? ';' : ','} ${value}`)
  }
  return headers
}

/** Neither Host nor an absolute target is used here, but code of the host might trust them. Several Host headers are joined by commas. */
function flawOf(target: string, host: string | undefined): string | null {
  if (!target.startsWith('/')) return 'The request target must be a path.'
  if (host === undefined) return null
  const isValid = /^(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?$/i.test(host) && URL.canParse(`http://${host}`)
  return isValid ? null : 'There must be one Host header, and a well-formed one.'
}

const malformed = (profile: Profile, detail: string): Outgoing =>
  toOutgoing(profile.refuse({ code: 'malformed_request', detail, requestId: randomUUID(), route: null }), profile.type)

/** Method and headers alone. */
export const toHead = (req: IncomingMessage, headers: HeaderMap = headersOf(req)): Pick<Incoming, 'method' | 'headers'> => ({
  method: req.method ?? 'GET',
  headers: { get: name => headers.get(name) ?? null, has: name => headers.has(name) },
})

interface NodeRequest {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly parsed: object
  readonly target: string
}

function toIncoming(headers: HeaderMap, { req, res, parsed, target }: NodeRequest): Incoming {
  const head = toHead(req, headers)
  const { method } = head
  let signal: AbortSignal | undefined
  return {
    ...head,
    query: queryOf(target),
    body: method === 'GET' || method === 'HEAD' ? null : bodyOf(req, parsed, headers),
    get signal() {
      signal ??= signalOf(req, res)
      return signal
    },
  }
}

/** Aborts when the connection closes before the answer is out. */
function signalOf(req: IncomingMessage, res: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const closed = () => (res.writableFinished ? undefined : controller.abort())
  if (res.destroyed || (req.destroyed && !req.complete)) closed()
  else res.once('close', closed)
  return controller.signal
}
