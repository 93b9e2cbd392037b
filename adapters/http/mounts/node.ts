// The mount for plain node:http, and for whatever takes connect middleware.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Invites } from '../../../src/core.ts'
import type { Handle } from '../handler/exchange.ts'
import type { Incoming, Reply } from '../handler/message.ts'
import type { HandleOptions } from '../handler/options.ts'
import { toOutgoing } from '../handler/response.ts'
import { internalError } from '../pages/landing/error-page.ts'
import { type MountHooks, type MountOptions, pathOf, toPrefix } from './bridge/mount.ts'
import { askedOf, serve } from './bridge/node-request.ts'
import { send } from './bridge/node-response.ts'
import { createHandle, profileOf } from './handle.ts'

export interface ListenerOptions extends MountOptions<IncomingMessage>, Omit<HandleOptions, 'actor' | 'parts'> {
  /** `/invites`, or `/orgs/:org/invites`. Default: the path of `publicUrl`. */
  readonly prefix?: string | undefined
}

/** With a `next` it is a middleware; without one it answers 404 and 500 by itself. */
export type Listener = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void

/**
 * `createServer(nodeListener(invites, { actor: req => … }))`
 *
 * Also a connect middleware, since it knows `next`: paths that are not ours and unexpected errors go there. Without one it
 * answers them, 404 and 500; `onError` of the invites hears of the error either way.
 */
export function nodeListener<Role extends string, Tx, Metadata>(
  invites: Invites<Role, Tx, Metadata, never>,
  options: ListenerOptions,
): Listener {
  const handle = createHandle(invites, options)
  const { prefix = new URL(invites.config.publicUrl).pathname } = options
  const { onError } = invites.config
  const profile = profileOf(options)
  const broken: Alone['broken'] = (request, requestId) => internalError({ invites, profile, request, requestId })
  return toListener(handle, { ...options, prefix, onError, broken })
}

interface Alone extends MountHooks<IncomingMessage>, Pick<ListenerOptions, 'prefix'> {
  /** Makes the answer to an unexpected error where there is no `next`. Default: the refusal of the profile. */
  readonly broken?: (request: Pick<Incoming, 'method' | 'headers'>, requestId: string) => Reply | Response
}

/** Any handle as a listener; here the prefix is `''` unless given. */
export function toListener(handle: Handle, options: Alone = {}): Listener {
  const below = toPrefix(options.prefix ?? '')
  const profile = profileOf(options)
  const refuse = (code: 'not_found' | 'internal', requestId: string) => profile.refuse({ code, requestId, route: null })
  const { onError, broken = (_, id) => refuse('internal', id), ...silent } = options
  const ending = (req: IncomingMessage, res: ServerResponse) => (error?: unknown) => {
    if (error !== undefined) onError?.(error, { where: 'http' })
    const id = randomUUID()
    const last = error === undefined ? refuse('not_found', id) : broken(askedOf(req), id)
    send(toOutgoing(last, profile.type), req, res).catch(() => res.destroy())
  }
  return (req, res, next) => {
    const found = below(pathOf(req.url ?? '/'))
    const last = next ?? ending(req, res)
    if (!found) return last()
    const seen = { ...found, clientAddress: req.socket.remoteAddress }
    // Alone it tells `onError` of the errors of your own hooks too, since nobody else would.
    serve(handle, { native: req, req, res, seen, options: next ? options : silent }).then(ours => ours || last(), last)
  }
}
