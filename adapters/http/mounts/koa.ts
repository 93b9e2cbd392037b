// The mount for Koa. It sets `ctx.status` and `ctx.body`, so that middleware before it (compression, timing) still works.
import { Readable } from 'node:stream'
import type { Context, Middleware } from 'koa'
import type { Invites } from '../../../src/core.ts'
import type { Handle, Params } from '../handler/exchange.ts'
import { cancel, type Outgoing } from '../handler/message.ts'
import type { HandleOptions } from '../handler/options.ts'
import { createHandle } from './bridge/handle.ts'
import { type MountHooks, type MountOptions, pathOf, toPrefix } from './bridge/mount.ts'
import { respond } from './bridge/node-request.ts'
import { closeLate } from './bridge/node-response.ts'

export interface KoaOptions extends MountOptions<Context>, Omit<HandleOptions, 'actor' | 'parts'> {
  /** `/invites`, or `/orgs/:org/invites`; `''` below koa-mount, which cuts it off. Default: the path of `publicUrl`. */
  readonly prefix?: string | undefined
}

/**
 * `app.use(koaRouter(invites, { actor: ctx => … }))`
 *
 * Works before and after body parsers. Paths that are not ours go to the next middleware, unexpected errors are thrown.
 */
export function koaRouter<Role extends string, Tx, Metadata>(
  invites: Invites<Role, Tx, Metadata, never>,
  options: KoaOptions,
): Middleware {
  const handle = createHandle(invites, options)
  const { prefix = new URL(invites.config.publicUrl).pathname } = options
  return toKoa(handle, { ...options, prefix, onError: invites.config.onError })
}

/** Makes a middleware of any handle. Default of `prefix`: `''`. */
export function toKoa(handle: Handle, options: MountHooks<Context> & Pick<KoaOptions, 'prefix'> = {}): Middleware {
  const below = toPrefix(options.prefix ?? '')
  return async (ctx, next) => {
    const found = below(pathOf(ctx.url))
    if (!found) return next()
    const { req, res } = ctx
    const facts = { path: found.path, params: { ...routeParams(ctx), ...found.params }, clientAddress: ctx.ip }
    const outgoing = await respond(handle, { native: ctx, req, res, facts, options }, ctx.request)
    return outgoing ? put(outgoing, ctx) : next()
  }
}

// The parameters of @koa/router, which leaves them on the context.
function routeParams(ctx: Context): Params {
  const params: unknown = ctx['params']
  const entries: [string, unknown][] = typeof params === 'object' && params !== null ? Object.entries(params) : []
  return Object.fromEntries(entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}

function put({ status, headers, body }: Outgoing, ctx: Context): void {
  closeLate(ctx.req, ctx.res)
  const isHead = ctx.method === 'HEAD'
  if (isHead) cancel({ body })
  // First, because setting the body changes status and headers. `null` for HEAD, or Koa would send a length of 0; otherwise
  // an empty text, or Koa would turn a 201 into a 204.
  ctx.body = isHead ? null : body instanceof ReadableStream ? toReadable(body, ctx) : (body ?? '')
  ctx.status = status
  for (const [name, value] of headers) {
    if (name === 'set-cookie') ctx.append(name, value)
    else if (name === 'vary') ctx.vary(value)
    else ctx.set(name, value)
  }
  if (!headers.some(([name]) => name === 'content-type')) ctx.remove('Content-Type') // Koa guessed one
}

function toReadable(body: ReadableStream<Uint8Array>, ctx: Context): Readable {
  // Not `Readable.from`, which cancels only after the next chunk. Koa 2 does not end the response when its body fails, so the
  // client would wait forever: the connection is closed here.
  return Readable.fromWeb(body).once('error', () => (ctx.headerSent ? ctx.res.destroy() : undefined))
}
