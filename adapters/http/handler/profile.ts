// What the handler needs of a wire: the paths, bodies and status codes of one published HTTP API over the invites. The native
// API is the first profile; another API is one more object of this type, and the handler stays as it is.
import type { Incoming, Reply } from './message.ts'
import type { Problem } from './refusal.ts'
import type { AnyInvites, Route } from './route.ts'

/**
 * One HTTP API. A profile translates and decides nothing: rules, roles and limits are those of the invites.
 *
 * A wire that needs more gets one more optional property here, whose absence means what the native API does.
 */
export interface Profile {
  /** Called once for each mount. Of two routes that fit the same request the first is taken. */
  readonly routes: (kit: ProfileKit) => readonly Route[]
  /** The answer to every refusal, from unreadable input to an internal error, with the wire's own status code and body. */
  readonly refuse: (refusal: Refusal) => Reply
  /** The refusal of a route that people open in a browser (`page`). Default: the answer that `refuse` gave. */
  readonly refusePage?: (refused: RefusedPage) => Reply | Response
  /** Media types that a body may have; the first is the one that a refusal names. Default: `application/json`. */
  readonly accepts?: readonly string[]
  /** Media type of an answer whose headers name none. Default: `application/json`. */
  readonly type?: string
}

/** What a profile makes its routes from. */
export interface ProfileKit {
  readonly invites: AnyInvites
  /** Whether this mount serves the route: `parts` may leave out the management or the public half. */
  readonly isMounted: (route: Route) => boolean
}

export interface Refusal extends Problem {
  /** Stands in the answer and in what `onError` is told, so that a report can be found in the host's log. */
  readonly requestId: string
  /** The route that refused. Null when the request came to none: unknown path, wrong method, malformed target. */
  readonly route: Route | null
}

export interface RefusedPage {
  readonly invites: AnyInvites
  readonly request: Pick<Incoming, 'method' | 'headers'>
  /** What `refuse` answered. */
  readonly reply: Reply
}

/** Part of the options of every mount. */
export interface ProfileOption {
  /**
   * The HTTP API to serve. Default: the native one.
   * @internal
   */
  readonly profile?: Profile | undefined
}
