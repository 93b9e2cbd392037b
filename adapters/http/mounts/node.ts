// The mount for plain node:http, and for whatever takes connect middleware.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Invites } from '../../../src/core.ts'
import { createHandle } from '../handler/handler.ts'
import type { Incoming, Reply } from '../handler/message.ts'
import type { HandleOptions } from '../handler/options.ts'
import { toOutgoing } from '../handler/response.ts'
import { brokenReply } from '../pages/landing/error-page.ts'
import { problemReply } from '../profiles/native/problem.ts'
import { type Handle, type MountHooks, type MountOptions, pathOf, toPrefix } from './bridge/mount.ts'
import { askedOf, serve } from './bridge/node-request.ts'
import { send } from './bridge/node-response.ts'

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
  return toListener(handle, { ...options, prefix, onError, broken: (request, id) => brokenReply(invites, request, id) })
}

interface Alone extends MountHooks<IncomingMessage>, Pick<ListenerOptions, 'prefix'> {
  /** What it answers where something broke and there is no `next`. */
  readonly broken?: typeof brokenJson
}

const brokenJson = (_: Pick<Incoming, 'method' | 'headers'>, requestId: string): Reply | Response =>
  problemReply({ code: 'internal' }, requestId)

/** Any handle as a listener; here the prefix is `''` unless given. */
export function toListener(handle: Handle, options: Alone = {}): Listener {
  const below = toPrefix(options.prefix ?? '')
  const { onError, broken = brokenJson, ...silent } = options
  const ending = (req: IncomingMessage, res: ServerResponse) => (error?: unknown) => {
    if (error !== undefined) onError?.(error, { where: 'http' })
    const id = randomUUID()
    const last = error === undefined ? problemReply({ code: 'not_found' }, id) : broken(askedOf(req), id)
    send(toOutgoing(last), req, res).catch(() => res.destroy())
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
