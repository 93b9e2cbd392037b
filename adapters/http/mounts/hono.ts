// The mount for Hono, on every runtime it runs on: reads through `c.req`, so what a validator has read is still there.
import { type Context, Hono } from 'hono'
import { baseRoutePath } from 'hono/route'
import type { Invites } from '../../../src/core.ts'
import { gone, type Source, streamed, whole } from '../handler/body-source.ts'
import type { Handle } from '../handler/exchange.ts'
import { type Incoming, isAdded, type Outgoing } from '../handler/message.ts'
import type { HandleOptions } from '../handler/options.ts'
import { answer, isUnfit, type MountHooks, type MountOptions, pathOf, queryOf } from './bridge/mount.ts'
import { createHandle } from './handle.ts'

export interface HonoOptions extends MountOptions<Context>, Omit<HandleOptions, 'actor' | 'parts'> {}

// What @hono/node-server hands over; elsewhere the `clientAddress` hook has to say.
type OnNode = { Bindings: { readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } } } }
type HonoContext = Context<OnNode>

/**
 * `app.route('/invites', honoRouter(invites, { actor: c => … }))`
 *
 * Paths that are not ours go to the next handler, unexpected errors to your `onError`. `app.mount` takes
 * `router.fetch` too, but Hono itself fails there when a middleware has read the body.
 */
export function honoRouter<Role extends string, Tx, Metadata>(
  invites: Invites<Role, Tx, Metadata, never>,
  options: HonoOptions,
): Hono<OnNode> {
  return toHono(createHandle(invites, options), { ...options, onError: invites.config.onError })
}

/** Any handle as an app. */
export function toHono(handle: Handle, options: MountHooks<Context> = {}): Hono<OnNode> {
  return new Hono<OnNode>().all('*', async (c, next) => {
    if (isUnfit(c.req.method)) return next()
    const clientAddress = c.env?.incoming?.socket?.remoteAddress
    const seen = { path: below(c), params: c.req.param(), clientAddress }
    const outgoing = await answer(handle, toIncoming(c), { native: c, seen, options })
    return outgoing ? put(outgoing, c) : next()
  })
}

// Hono decodes `c.req.path`, and a host may compute it (`getPath`), so it only tells how many segments are ours.
function below(c: HonoContext): string {
  const base = baseRoutePath(c)
    .split('/')
    .filter(part => part !== '').length
  const count = c.req.path.split('/').length - 1 - base
  return `/${count > 0 ? pathOf(c.req.url).split('/').slice(-count).join('/') : ''}`
}

function toIncoming(c: HonoContext): Incoming {
  const { method, url, raw } = c.req
  return {
    method,
    query: queryOf(url),
    headers: raw.headers,
    get body() {
      return method === 'GET' || method === 'HEAD' ? null : bodyOf(c)
    },
    get signal() {
      return raw.signal ?? new AbortController().signal // not every runtime has one
    },
  }
}

function bodyOf(c: HonoContext): Source | null {
  const { raw, bodyCache } = c.req
  const read = Object.keys(bodyCache)
  if (read.length > 0) return whole(() => (read.includes('formData') ? formOf(c) : bytesOf(c)))
  const length = raw.headers.get('content-length')
  if (!raw.bodyUsed) {
    // Servers hold a client to its length, so it is safe to let Hono read it whole: streams cost more than all else of a call.
    const isKnown = length !== null && /^\d+$/.test(length) && !raw.headers.has('content-encoding')
    if (isKnown) return whole(() => bytesOf(c))
    return raw.body && streamed(raw.body)
  }
  // HTTP/1 says by these two that there was nothing to read.
  if (c.env?.incoming && !raw.headers.has('transfer-encoding') && !Number(length)) return null
  return gone('Read it as `c.req.json()`, which keeps it, and not as `c.req.raw.json()`.')
}

const bytesOf = async ({ req }: HonoContext): Promise<Uint8Array> => new Uint8Array(await req.arrayBuffer())

/** Hono would write the fields of a form as multipart, whatever they came as. */
async function formOf(c: HonoContext): Promise<Uint8Array> {
  if (!c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) return bytesOf(c)
  const fields = [...(await c.req.formData())].map(([name, value]): [string, string] => [name, String(value)])
  return new TextEncoder().encode(String(new URLSearchParams(fields)))
}

// By `c.header`, because Hono drops the cookies of a Response when a middleware has touched `c.res`, and its own when not.
function put({ status, headers, body }: Outgoing, c: HonoContext): Response {
  for (const [name, value] of headers) c.header(name, value, { append: isAdded(name) })
  return c.newResponse(body, new Response(null, { status }))
}
