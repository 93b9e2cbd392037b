// The mount for plain node:http, also as connect middleware.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Invites } from '../../../src/core.ts'
import type { Handle } from '../handler/exchange.ts'
import type { Incoming, Reply } from '../handler/message.ts'
import type { HandleOptions } from '../handler/options.ts'
import { toOutgoing } from '../handler/response.ts'
import { internalError } from '../pages/landing/error-page.ts'
import { createHandle, profileOf } from './bridge/handle.ts'
import { type MountHooks, type MountOptions, pathOf, toPrefix } from './bridge/mount.ts'
import { serve, toHead } from './bridge/node-request.ts'
import { send } from './bridge/node-response.ts'

export interface ListenerOptions extends MountOptions<IncomingMessage>, Omit<HandleOptions, 'actor' | 'parts'> {
  /** `/invites`, or `/orgs/:org/invites`. Default: the path of `publicUrl`. */
  readonly prefix?: string | undefined
}

/** With `next` it is a connect middleware. Without it, it answers 404 and 500 itself. */
export type Listener = (req: IncomingMessage, res: ServerResponse, next?: (error?: unknown) => void) => void

/**
 * `createServer(nodeListener(invites, { actor: req => … }))`
 *
 * With a third argument it is a connect middleware: other paths and unexpected errors go to `next`. Without one it answers
 * them with 404 and 500. `onError` of the invites is told of the error in both cases.
 */
export function nodeListener<Role extends string, Tx, Metadata>(
  invites: Invites<Role, Tx, Metadata, never>,
  options: ListenerOptions,
): Listener {
  const handle = createHandle(invites, options)
  const { prefix = new URL(invites.config.publicUrl).pathname } = options
  const { onError } = invites.config
  const profile = profileOf(options)
  const internalErrorReply: ListenerHooks['internalError'] = (request, requestId) =>
    internalError({ invites, profile, request, requestId })
  return toListener(handle, { ...options, prefix, onError, internalError: internalErrorReply })
}

interface ListenerHooks extends MountHooks<IncomingMessage>, Pick<ListenerOptions, 'prefix'> {
  /** Makes the answer to an unexpected error where there is no `next`. Default: the refusal of the profile. */
  readonly internalError?: (request: Pick<Incoming, 'method' | 'headers'>, requestId: string) => Reply | Response
}

/** Makes a listener of any handle. Default of `prefix`: `''`. */
export function toListener(handle: Handle, options: ListenerHooks = {}): Listener {
  const below = toPrefix(options.prefix ?? '')
  const profile = profileOf(options)
  const refuse = (code: 'not_found' | 'internal', requestId: string) => profile.refuse({ code, requestId, route: null })
  const { onError, internalError = (_, id) => refuse('internal', id), ...withoutOnError } = options
  const createEnd = (req: IncomingMessage, res: ServerResponse) => (error?: unknown) => {
    if (error !== undefined) onError?.(error, { where: 'http' })
    const id = randomUUID()
    const reply = error === undefined ? refuse('not_found', id) : internalError(toHead(req), id)
    send(toOutgoing(reply, profile.type), req, res).catch(() => res.destroy())
  }
  return (req, res, next) => {
    const found = below(pathOf(req.url ?? '/'))
    const end = next ?? createEnd(req, res)
    if (!found) return end()
    const facts = { ...found, clientAddress: req.socket.remoteAddress }
    // Without `next`, `createEnd` reports every error to `onError`, those of the host's own hooks too.
    serve(handle, { native: req, req, res, facts, options: next ? options : withoutOnError }).then(
      answered => answered || end(),
      end,
    )
  }
}
