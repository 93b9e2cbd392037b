// The bridge from node:http. Ours, because every library we tried lost a body, a cookie, an error or the host.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Handle } from '../../handler/exchange.ts'
import type { Incoming, Outgoing } from '../../handler/message.ts'
import type { Profile } from '../../handler/profile.ts'
import { toOutgoing } from '../../handler/response.ts'
import { profileOf } from '../handle.ts'
import { answer, isUnfit, type MountHooks, queryOf, type Seen } from './mount.ts'
import { bodyOf, type HeaderMap } from './node-body.ts'
import { send } from './node-response.ts'

export interface Arrival<Native> {
  readonly native: Native
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly seen: Seen
  readonly options: MountHooks<Native>
}

/** Answers on `res`. False, and nothing touched, when the path is not ours. */
export async function serve<Native>(handle: Handle, arrival: Arrival<Native>): Promise<boolean> {
  const outgoing = await respond(handle, arrival, arrival.req)
  if (outgoing) await send(outgoing, arrival.req, arrival.res)
  return outgoing !== undefined
}

/** `parsed` has what a body parser left: on the request itself, but on `ctx.request` in Koa. */
export async function respond<Native>(handle: Handle, arrival: Arrival<Native>, parsed: object): Promise<Outgoing | undefined> {
  const { req, res } = arrival
  // Routers shorten `url` and keep the whole.
  const target = 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '/')
  if (target === '*' || isUnfit(req.method ?? '')) return undefined
  const headers = headersOf(req)
  const flaw = flawOf(target, headers.get('host'))
  if (flaw !== null) return malformed(profileOf(arrival.options), flaw)
  return answer(handle, toIncoming(headers, { req, res, parsed, target }), arrival)
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

/** Nothing here believes Host or an absolute target; what stands behind us might. Several hosts have a comma between them. */
function flawOf(target: string, host: string | undefined): string | null {
  if (!target.startsWith('/')) return 'The request target must be a path.'
  if (host === undefined) return null
  const fits = /^(?:[a-z0-9._~-]+|\[[0-9a-f:.]+\])(?::\d{0,5})?$/i.test(host) && URL.canParse(`http://${host}`)
  return fits ? null : 'There must be one Host header, and a well-formed one.'
}

const malformed = (profile: Profile, detail: string): Outgoing =>
  toOutgoing(profile.refuse({ code: 'malformed_request', detail, requestId: randomUUID(), route: null }), profile.type)

export const askedOf = (req: IncomingMessage, headers: HeaderMap = headersOf(req)): Pick<Incoming, 'method' | 'headers'> => ({
  method: req.method ?? 'GET',
  headers: { get: name => headers.get(name) ?? null, has: name => headers.has(name) },
})

interface Origin {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly parsed: object
  readonly target: string
}

function toIncoming(headers: HeaderMap, { req, res, parsed, target }: Origin): Incoming {
  const asked = askedOf(req, headers)
  const { method } = asked
  let signal: AbortSignal | undefined
  return {
    ...asked,
    query: queryOf(target),
    body: method === 'GET' || method === 'HEAD' ? null : bodyOf(req, parsed, headers),
    get signal() {
      signal ??= leaving(req, res)
      return signal
    },
  }
}

/** Aborts when the connection closes before the answer is out. */
function leaving(req: IncomingMessage, res: ServerResponse): AbortSignal {
  const controller = new AbortController()
  const closed = () => (res.writableFinished ? undefined : controller.abort())
  if (res.destroyed || (req.destroyed && !req.complete)) closed()
  else res.once('close', closed)
  return controller.signal
}
