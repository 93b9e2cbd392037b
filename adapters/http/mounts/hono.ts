// The mount for Hono, on every runtime. It reads bodies through `c.req`, which still has what a validator has read.
import { type Context, Hono } from 'hono'
import { baseRoutePath } from 'hono/route'
import type { Invites } from '../../../src/core.ts'
import { consumed, type Source, streamed, whole } from '../handler/body-source.ts'
import type { Handle } from '../handler/exchange.ts'
import { type Incoming, isAdded, type Outgoing } from '../handler/message.ts'
import type { HandleOptions } from '../handler/options.ts'
import { createHandle } from './bridge/handle.ts'
import { callHandle, isForbiddenMethod, type MountHooks, type MountOptions, pathOf, queryOf } from './bridge/mount.ts'

export interface HonoOptions extends MountOptions<Context>, Omit<HandleOptions, 'actor' | 'parts'> {}

// @hono/node-server gives the socket; on other runtimes the `clientAddress` hook has to give the address.
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

/** Makes an app of any handle. */
export function toHono(handle: Handle, options: MountHooks<Context> = {}): Hono<OnNode> {
  return new Hono<OnNode>().all('*', async (c, next) => {
    if (isForbiddenMethod(c.req.method)) return next()
    const clientAddress = c.env?.incoming?.socket?.remoteAddress
    const facts = { path: below(c), params: c.req.param(), clientAddress }
    const outgoing = await callHandle(handle, toIncoming(c), { native: c, facts, options })
    return outgoing ? put(outgoing, c) : next()
  })
}

// The path below the mount. Hono decodes `c.req.path` and a host may compute it (`getPath`), so only its length is used.
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
    // Servers enforce Content-Length, so Hono may read the body in one piece, which is much faster than a stream.
    const isKnown = length !== null && /^\d+$/.test(length) && !raw.headers.has('content-encoding')
    if (isKnown) return whole(() => bytesOf(c))
    return raw.body && streamed(raw.body)
  }
  // In HTTP/1 the absence of both headers means that there was no body.
  if (c.env?.incoming && !raw.headers.has('transfer-encoding') && !Number(length)) return null
  return consumed('Read it as `c.req.json()`, which keeps it, and not as `c.req.raw.json()`.')
}

const bytesOf = async ({ req }: HonoContext): Promise<Uint8Array> => new Uint8Array(await req.arrayBuffer())

/** A form that Hono has parsed, encoded as it came: Hono would encode every form as multipart. */
async function formOf(c: HonoContext): Promise<Uint8Array> {
  if (!c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) return bytesOf(c)
  const fields = [...(await c.req.formData())].map(([name, value]): [string, string] => [name, String(value)])
  return new TextEncoder().encode(String(new URLSearchParams(fields)))
}

// With `c.header`: of a Response of our own Hono would drop either our cookies or the host's, as `c.res` was touched before or not.
function put({ status, headers, body }: Outgoing, c: HonoContext): Response {
  for (const [name, value] of headers) c.header(name, value, { append: isAdded(name) })
  return c.newResponse(body, new Response(null, { status }))
}
