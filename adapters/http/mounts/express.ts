// The mount for Express 4 and 5: a middleware, so nothing of Express is loaded and one file serves both majors.
import type { Request, RequestHandler } from 'express'
import type { Invites } from '../../../src/core.ts'
import type { Handle, Params } from '../handler/exchange.ts'
import type { HandleOptions } from '../handler/options.ts'
import { type MountHooks, type MountOptions, pathOf } from './bridge/mount.ts'
import { serve } from './bridge/node-request.ts'
import { createHandle } from './handle.ts'

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

/** Any handle as a middleware. */
export function toExpress(handle: Handle, options: MountHooks<Request> = {}): RequestHandler {
  return (req, res, next) => {
    // `ip` follows the host's `trust proxy`. `url` is what the mount left of the path.
    const seen = { path: pathOf(req.url), params: textual(req.params), clientAddress: req.ip ?? req.socket.remoteAddress }
    // Express 4 does not see a rejected promise, so it is handed over by hand.
    serve(handle, { native: req, req, res, seen, options }).then(ours => (ours ? undefined : next()), next)
  }
}

// A wildcard of Express 5 is a list; an optional parameter may be absent.
const textual = (params: object = {}): Params =>
  Object.fromEntries(
    Object.entries(params).flatMap(([name, value]: [string, unknown]) =>
      Array.isArray(value) ? [[name, value.join('/')]] : typeof value === 'string' ? [[name, value]] : [],
    ),
  )
