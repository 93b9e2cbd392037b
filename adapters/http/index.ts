// The API as one function of a fetch Request: for Next, Bun, Deno, Workers, Fastify, and whatever else speaks fetch.
import type { Actor, Invites } from '../../src/index.ts'
import { createHandle, type HandleOptions } from './handler.ts'
import { type Params, pathOf, toPrefix } from './mount.ts'
import { problemResponse } from './problem.ts'

export { createHandle, type HandleOptions, type Part } from './handler.ts'
export type { PublicLimits } from './limits.ts'
export type { Exchange, Handle } from './mount.ts'
export { nodeListener } from './node.ts'

type MaybePromise<T> = T | Promise<T>

export interface HandlerOptions extends Omit<HandleOptions, 'actor'> {
  /** Who makes this call, from your own session; falsy when nobody is signed in. `parts: ['public']` may go without. */
  readonly actor?: ((request: Request, params: Params) => MaybePromise<Actor | null | undefined | false | '' | 0>) | undefined
  /** The client's address as your platform knows it, for limits on public routes. Default: unknown, all share one bucket. */
  readonly clientAddress?: ((request: Request) => string | null | undefined) | undefined
  /** `/invites`, or `/orgs/:org/invites`. Default: the path of `publicUrl`. */
  readonly prefix?: string | undefined
}

/**
 * `const handler = createHandler(invites, { actor: request => … })`
 *
 * Answers every request: 404 outside of the prefix, 500 (with the error to `onError`) where something unexpected happened.
 */
export function createHandler<Role extends string, Tx, Metadata>(
  invites: Invites<Role, Tx, Metadata>,
  options: HandlerOptions,
): (request: Request) => Promise<Response> {
  const { publicUrl, onError } = invites.config
  const handle = createHandle(invites, options)
  const below = toPrefix(options.prefix ?? new URL(publicUrl).pathname)

  return async request => {
    const requestId = crypto.randomUUID()
    try {
      const found = below(pathOf(request.url))
      const actor = async () => (await options.actor?.(request, found?.params ?? {})) || null
      const clientAddress = options.clientAddress?.(request) || null
      const response = found && (await handle(request, { ...found, actor, clientAddress }))
      return response ?? problemResponse({ code: 'not_found' }, requestId)
    } catch (error) {
      onError(error, { where: `http request ${requestId}` })
      return problemResponse({ code: 'internal' }, requestId)
    }
  }
}
