// The mount for fetch: the API as a function from Request to Response, for Next, Bun, Deno, Workers, Fastify and others.
import type { Actor, Invites } from '../../src/core.ts'
import type { Params } from './handler/exchange.ts'
import type { HandleOptions } from './handler/options.ts'
import type { ProfileOption } from './handler/profile.ts'
import { toOutgoing } from './handler/response.ts'
import type { AnyInvites } from './handler/route.ts'
import { fromRequest, toResponse } from './mounts/bridge/fetch-request.ts'
import { createHandle, profileOf } from './mounts/bridge/handle.ts'
import { actorFrom, pathOf, toPrefix } from './mounts/bridge/mount.ts'
import { internalError } from './pages/landing/error-page.ts'

export type { Sink, Source } from './handler/body-source.ts'
export type { Exchange, Handle } from './handler/exchange.ts'
export type { Incoming, Outgoing } from './handler/message.ts'
export type { HandleOptions, Part, PublicLimits } from './handler/options.ts'
export { createHandle } from './mounts/bridge/handle.ts'
export { type Listener, type ListenerOptions, nodeListener } from './mounts/node.ts'

type MaybePromise<T> = T | Promise<T>

export interface HandlerOptions<Native = unknown> extends Omit<HandleOptions, 'actor'>, ProfileOption {
  /**
   * Who makes this call, from your own session; falsy when nobody is signed in. `parts: ['public']` may go without.
   * `native` is the second argument of the handler, if there was one.
   */
  readonly actor?:
    | ((request: Request, params: Params, native: Native) => MaybePromise<Actor | null | undefined | false | '' | 0>)
    | undefined
  /** The client's address as your platform knows it, for limits on public routes. Default: unknown, all share one bucket. */
  readonly clientAddress?: ((request: Request, native: Native) => string | null | undefined) | undefined
  /** `/invites`, or `/orgs/:org/invites`. Default: the path of `publicUrl`. */
  readonly prefix?: string | undefined
}

/** `native`: what your platform gives besides the request. It is passed to your own hooks. */
export type Handler<Native> = (
  request: Request,
  ...native: unknown extends Native ? [native?: unknown] : [native: Native]
) => Promise<Response>

/**
 * `const handler = createHandler(invites, { actor: request => … })`
 *
 * Answers every request: 404 outside of the prefix, and 500 after an unexpected error, which goes to `onError`.
 * A second argument goes on to the hooks, as Bun's server, Deno's info or a framework's own request:
 * `createHandler(invites, { actor: (request, params, native: FastifyRequest) => native.user })`.
 *
 * On node:http take `nodeListener`, which is faster. On Node 20 a `Readable.toWeb(req)` that your own code cancels may also end the
 * process: it still enqueues into the closed stream. (This handler cancels a refused body in a way that avoids it.)
 */
export function createHandler<Role extends string, Tx, Metadata, Native = unknown>(
  invites: Invites<Role, Tx, Metadata, never>,
  options: HandlerOptions<Native>,
): Handler<Native>
export function createHandler(invites: AnyInvites, options: HandlerOptions) {
  const handle = createHandle(invites, options)
  const { publicUrl, onError } = invites.config
  const below = toPrefix(options.prefix ?? new URL(publicUrl).pathname)
  const profile = profileOf(options)
  const notFound = (requestId: string) =>
    toResponse(toOutgoing(profile.refuse({ code: 'not_found', requestId, route: null }), profile.type))

  return async (request: Request, native?: unknown): Promise<Response> => {
    const requestId = crypto.randomUUID()
    try {
      const found = below(pathOf(request.url))
      if (!found) return notFound(requestId)
      const actor = async () => actorFrom(await options.actor?.(request, found.params, native))
      const clientAddress = options.clientAddress?.(request, native) || null
      const outgoing = await handle(fromRequest(request), { path: found.path, actor, clientAddress })
      return outgoing ? toResponse(outgoing) : notFound(requestId)
    } catch (error) {
      onError(error, { where: `http request ${requestId}` })
      return toResponse(toOutgoing(internalError({ invites, profile, request, requestId }), profile.type))
    }
  }
}
