// The mount for Hono, on every runtime it runs on: reads through `c.req`, so what a validator has read is still there.
import { type Context, Hono } from 'hono'
import { baseRoutePath } from 'hono/route'
import type { Invites } from '../../src/index.ts'
import { createHandle, type HandleOptions } from './handler.ts'
import {
  answer,
  goneBody,
  type Handle,
  isUnfit,
  lazyBody,
  type MountHooks,
  type MountOptions,
  origin,
  pathOf,
} from './mount.ts'

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
  invites: Invites<Role, Tx, Metadata>,
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
    const response = await answer(handle, toRequest(c), { native: c, seen, options })
    return response ? merged(response, c) : next()
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

function toRequest(c: HonoContext): Request {
  const { method, headers, signal } = c.req.raw
  const body = method === 'GET' || method === 'HEAD' ? null : lazyBody(() => bodyOf(c)[Symbol.asyncIterator]())
  // A new one, because the origin of `c.req.url` is what the client wrote into Host.
  return new Request(`${origin}${pathOf(c.req.url)}${query(c.req.url)}`, {
    method,
    headers,
    body,
    duplex: 'half',
    ...(signal ? { signal } : {}),
  })
}

const query = (url: string): string => (url.includes('?') ? url.slice(url.indexOf('?')) : '')

function bodyOf(c: HonoContext): AsyncIterable<Uint8Array> {
  const { raw, bodyCache } = c.req
  const read = Object.keys(bodyCache)
  if (read.length > 0) return cached(c, read.includes('formData'))
  if (!raw.bodyUsed) return raw.body ?? empty
  // HTTP/1 says by these two that there was nothing to read.
  if (c.env?.incoming && !raw.headers.has('transfer-encoding') && !Number(raw.headers.get('content-length'))) return empty
  return goneBody('Read it as `c.req.json()`, which keeps it, and not as `c.req.raw.json()`.')
}

async function* cached(c: HonoContext, form: boolean): AsyncGenerator<Uint8Array> {
  // Hono would write the fields of a form as multipart, whatever they came as.
  if (form && c.req.header('content-type')?.startsWith('application/x-www-form-urlencoded')) {
    const fields = [...(await c.req.formData())].map(([name, value]): [string, string] => [name, String(value)])
    yield new TextEncoder().encode(String(new URLSearchParams(fields)))
  } else yield new Uint8Array(await c.req.arrayBuffer())
}

const empty: AsyncIterable<Uint8Array> = { async *[Symbol.asyncIterator]() {} }

// By `c.header`, because Hono drops the cookies of a Response when a middleware has touched `c.res`, and its own when not.
function merged(response: Response, c: HonoContext): Response {
  for (const [name, value] of response.headers) c.header(name, value, { append: name === 'set-cookie' || name === 'vary' })
  return c.newResponse(response.body, new Response(null, { status: response.status }))
}
