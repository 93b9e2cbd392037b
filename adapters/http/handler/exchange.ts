// What a mount tells the handler about one call, and the handler as a mount calls it.
import type { Actor } from '../../../src/core.ts'
import type { Incoming, Outgoing } from './message.ts'

/** The parameters of a path pattern such as `/orgs/:org/invites`, decoded, by name. */
export type Params = Readonly<Record<string, string>>

/** What only the mount knows about a request. */
export interface Exchange {
  /** The path below the mount. It starts with '/', has no query and is not decoded: '/i/abc'. */
  readonly path: string
  /** The signed-in user, from the host's `actor` option. The host is asked at most once, and only when a route needs it. */
  readonly actor: () => Promise<Actor | null>
  /** The client's address as the framework trusts it. Null when it is unknown. */
  readonly clientAddress: string | null
}

/**
 * Answers one request. Returns undefined when no route has this path; the host's next handler then runs, so the body must not
 * have been read. Throws unexpected errors, and what reading the body threw: `status` 400 when the client left, 500 when
 * somebody else had read the body.
 */
export type Handle = (request: Incoming, exchange: Exchange) => Promise<Outgoing | undefined>
