// What a route is: a description that the handler and the OpenAPI document read, and a function that makes one library call.
import type { z } from 'zod'
import type { Actor, Invites } from '../../../src/core.ts'
import type { Params } from './exchange.ts'
import { checkBody, checkQuery } from './input.ts'
import type { Incoming, Reply } from './message.ts'
import { refuse } from './refusal.ts'

/** Invites with any roles, transaction type and metadata. */
export type AnyInvites = Invites<string, unknown, unknown>

/**
 * Who may call a route. `management`: a signed-in user of an organization. `invitee`: any signed-in user. `token`: whoever has a
 * token. `signature`: whoever signed the address or the body. `anyone`: everybody, and `actor` is not asked.
 */
export type Audience = 'management' | 'invitee' | 'token' | 'signature' | 'anyone'

/** What a route is given of one request. */
export interface RouteContext {
  readonly request: Incoming
  /** The path below the mount. */
  readonly path: string
  /** The segments that the `:names` of the route's path matched. */
  readonly params: Params
  readonly query: URLSearchParams
  readonly body: unknown
  readonly form: URLSearchParams | undefined
  /** The raw body, for routes with `bytes`. */
  readonly bytes: Uint8Array | undefined
  /** Null when nobody is signed in, and on routes that do not ask. */
  readonly actor: Actor | null
  /** Asks the host on routes that did not: pages do it when they need to. */
  readonly askActor: () => Promise<Actor | null>
  readonly idempotencyKey: string | undefined
}

/** An invite as a client names it. */
export interface InviteSelector {
  readonly token?: string | undefined
  readonly code?: string | undefined
  readonly id?: string | undefined
}

interface RouteSpec<B extends z.ZodType, Q extends z.ZodObject> {
  /** The name of the library call; the operationId of the OpenAPI document. */
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly body: B
  readonly query: Q
  /** The query is ignored: mail clients and trackers add parameters to links. */
  readonly anyQuery?: true
  /** The body of each successful status; null has none. */
  readonly answers: Readonly<Record<number, z.ZodType | 'text/html' | 'text/css' | null>>
  /** Honours Idempotency-Key. */
  readonly idempotent?: true
  /** Which rate limits count: `look` per client, `answer` also per invite, `refusals` per client but only refused calls. */
  readonly limited?: 'look' | 'answer' | 'refusals'
  /** Names the invite that is answered, from input that nothing has checked. Its attempts are counted. Default: none. */
  readonly selector?: (input: Pick<RouteContext, 'params' | 'body' | 'form'>) => InviteSelector
  /** Opened by people in a browser: a refusal is a page, too. */
  readonly page?: true
  /** The longest body, in bytes. Default 65,536. */
  readonly bodyLimit?: number
  /** The body is an HTML form; the values of its `action` field. */
  readonly form?: readonly string[]
  /** The body is handed over as bytes, whatever its type; the OpenAPI schema of each media type. */
  readonly bytes?: Readonly<Record<string, object>>
  /** Called by providers and mail clients, not by pages of the host: no cookie is used, so no origin is checked. */
  readonly fromElsewhere?: true
}

export interface Route extends RouteSpec<z.ZodType, z.ZodObject> {
  readonly who: Audience
  readonly run: (visit: RouteContext) => Promise<Reply | Response>
}

interface Given<B, Q> {
  readonly id: string
  readonly body: B
  readonly query: Q
  readonly visit: RouteContext
}

interface SignedIn<B, Q> extends Given<B, Q> {
  readonly context: { readonly actor: Actor; readonly idempotencyKey?: string | undefined }
}

interface Open<B, Q> extends Given<B, Q> {
  readonly context: { readonly actor: Actor | null }
}

type Call<G> = (given: G) => Promise<Reply | Response>

/** A route for an organization's own people. */
export const managementRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  spec: RouteSpec<B, Q>,
  call: Call<SignedIn<z.output<B>, z.output<Q>>>,
): Route => ({ ...spec, who: 'management', run: visit => call({ ...given(spec, visit), context: signedIn(visit) }) })

/** A route for every signed-in user. */
export const userRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  spec: RouteSpec<B, Q>,
  call: Call<SignedIn<z.output<B>, z.output<Q>>>,
): Route => ({ ...spec, who: 'invitee', run: visit => call({ ...given(spec, visit), context: signedIn(visit) }) })

/** A route for whoever has a token. */
export const tokenRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  spec: RouteSpec<B, Q>,
  call: Call<Open<z.output<B>, z.output<Q>>>,
): Route => ({ ...spec, who: 'token', run: visit => call({ ...given(spec, visit), context: { actor: visit.actor } }) })

/** A route for whoever signed the address or the body; `actor` is not asked. */
export const signedRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  spec: RouteSpec<B, Q>,
  call: Call<Given<z.output<B>, z.output<Q>>>,
): Route => ({ ...spec, who: 'signature', run: visit => call(given(spec, visit)) })

/** A route for everybody; `actor` is not asked. */
export const publicRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  spec: RouteSpec<B, Q>,
  call: Call<Given<z.output<B>, z.output<Q>>>,
): Route => ({ ...spec, who: 'anyone', run: visit => call(given(spec, visit)) })

function given<B extends z.ZodType, Q extends z.ZodObject>(
  spec: RouteSpec<B, Q>,
  visit: RouteContext,
): Given<z.output<B>, z.output<Q>> {
  const query = checkQuery(spec.query, spec.anyQuery ? new URLSearchParams() : visit.query)
  return { id: visit.params['id'] ?? '', query, body: checkBody(spec.body, visit.body), visit }
}

function signedIn({ actor, idempotencyKey }: RouteContext) {
  if (actor === null) throw refuse({ code: 'unauthenticated', detail: 'Sign in first.' })
  return { actor, idempotencyKey }
}
