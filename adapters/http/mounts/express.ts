// The mount for Express 4 and 5. It is a plain middleware: nothing of Express is loaded, so one file serves both majors.
import type { Request, RequestHandler } from 'express'
import type { Invites } from '../../../src/core.ts'
import type { Handle, Params } from '../handler/exchange.ts'
import type { HandleOptions } from '../handler/options.ts'
import { createHandle } from './bridge/handle.ts'
import { type MountHooks, type MountOptions, pathOf } from './bridge/mount.ts'
import { serve } from './bridge/node-request.ts'

export interface ExpressOptions extends MountOptions<Request>, Omit<HandleOptions, 'actor' | 'parts'> {}

/**
 * `app.use('/invites', expressRouter(invites, { actor: req => … }))`
 *
 * Works before and after body parsers. Paths that are not ours go to the next handler, unexpected errors to your error
 * middleware. `actor` sees the parameters of the path it is mounted on; a Router in between needs `mergeParams: true`.
 */
export function expressRouter<Role extends string, Tx, Metadata>(
  invites: Invites<Role, Tx, Metadata, never>,
  options: ExpressOptions,
): RequestHandler {
  return toExpress(createHandle(invites, options), { ...options, onError: invites.config.onError })
}

/** Makes a middleware of any handle. */
export function toExpress(handle: Handle, options: MountHooks<Request> = {}): RequestHandler {
  return (req, res, next) => {
    // `ip` follows the host's `trust proxy`. `url` is the path without the prefix of the mount.
    const facts = { path: pathOf(req.url), params: stringParams(req.params), clientAddress: req.ip ?? req.socket.remoteAddress }
    // Express 4 does not see a rejected promise, so the error goes to `next` explicitly.
    serve(handle, { native: req, req, res, facts, options }).then(answered => (answered ? undefined : next()), next)
  }
}

// A wildcard of Express 5 is a list; an optional parameter may be absent.
const stringParams = (params: object = {}): Params =>
  Object.fromEntries(
    Object.entries(params).flatMap(([name, value]: [string, unknown]) =>
      Array.isArray(value) ? [[name, value.join('/')]] : typeof value === 'string' ? [[name, value]] : [],
    ),
  )
