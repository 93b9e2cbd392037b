// What a route is: data for the handler and the OpenAPI document, and one call of the use cases.
import type { z } from 'zod'
import type { Actor, Invites } from '../../../src/core.ts'
import type { Params } from './exchange.ts'
import { checkBody, checkQuery } from './input.ts'
import type { Incoming, Reply } from './message.ts'
import { refuse } from './refusal.ts'

/** Invites of any roles, transaction and metadata. */
export type AnyInvites = Invites<string, unknown, unknown>

/**
 * `management`: an actor with an organization. `invitee`: any actor. `token`: whoever holds a token. `signature`: whoever
 * signed. `anyone`: nobody is asked.
 */
export type Audience = 'management' | 'invitee' | 'token' | 'signature' | 'anyone'

/** A request on its way to the call. */
export interface RouteContext {
  readonly request: Incoming
  /** Below the mount. */
  readonly path: string
  /** What stands for `:name` in the route's path. */
  readonly params: Params
  readonly query: URLSearchParams
  readonly body: unknown
  readonly form: URLSearchParams | undefined
  /** As it came, of a route that takes bytes. */
  readonly bytes: Uint8Array | undefined
  /** Null when nobody is signed in, and on routes that ask for nobody. */
  readonly actor: Actor | null
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
  /** The call's name; the operationId of the OpenAPI document. */
  readonly name: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly summary: string
  readonly body: B
  readonly query: Q
  /** The query is not looked at: links collect parameters on their way. */
  readonly anyQuery?: true
  /** By status; null has no body. */
  readonly answers: Readonly<Record<number, z.ZodType | 'text/html' | 'text/css' | null>>
  /** Honours Idempotency-Key. */
  readonly idempotent?: true
  /** Counted by the public limits: `look` per client, `answer` also per invite, `refusals` only what is refused. */
  readonly limited?: 'look' | 'answer' | 'refusals'
  /** Names the invite that is answered, from input that nothing has checked. Its attempts are counted. Default: none. */
  readonly selector?: (input: Pick<RouteContext, 'params' | 'body' | 'form'>) => InviteSelector
  /** For people: who is refused sees a page, too. */
  readonly page?: true
  /** Bytes of the body. Default 64 kB. */
  readonly bodyLimit?: number
  /** The body is an HTML form; what its `action` can be. */
  readonly form?: readonly string[]
  /** The body is handed over as bytes, whatever its type; the schema of each type that it can have. */
  readonly bytes?: Readonly<Record<string, object>>
  /** Called from elsewhere than the host's own pages, by providers and mailboxes: no cookie counts. */
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

/** A route of an organization's own people. */
export const managementRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  terms: RouteSpec<B, Q>,
  call: Call<SignedIn<z.output<B>, z.output<Q>>>,
): Route => ({ ...terms, who: 'management', run: visit => call({ ...given(terms, visit), context: signedIn(visit) }) })

/** A route of anybody who is signed in. */
export const userRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  terms: RouteSpec<B, Q>,
  call: Call<SignedIn<z.output<B>, z.output<Q>>>,
): Route => ({ ...terms, who: 'invitee', run: visit => call({ ...given(terms, visit), context: signedIn(visit) }) })

/** A route of whoever holds a token. */
export const tokenRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  terms: RouteSpec<B, Q>,
  call: Call<Open<z.output<B>, z.output<Q>>>,
): Route => ({ ...terms, who: 'token', run: visit => call({ ...given(terms, visit), context: { actor: visit.actor } }) })

/** A route of whoever signed the address or the body; nobody is asked. */
export const signedRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  terms: RouteSpec<B, Q>,
  call: Call<Given<z.output<B>, z.output<Q>>>,
): Route => ({ ...terms, who: 'signature', run: visit => call(given(terms, visit)) })

/** A route that asks for nobody. */
export const publicRoute = <B extends z.ZodType, Q extends z.ZodObject>(
  terms: RouteSpec<B, Q>,
  call: Call<Given<z.output<B>, z.output<Q>>>,
): Route => ({ ...terms, who: 'anyone', run: visit => call(given(terms, visit)) })

function given<B extends z.ZodType, Q extends z.ZodObject>(
  terms: RouteSpec<B, Q>,
  visit: RouteContext,
): Given<z.output<B>, z.output<Q>> {
  const query = checkQuery(terms.query, terms.anyQuery ? new URLSearchParams() : visit.query)
  return { id: visit.params['id'] ?? '', query, body: checkBody(terms.body, visit.body), visit }
}

function signedIn({ actor, idempotencyKey }: RouteContext) {
  if (actor === null) throw refuse({ code: 'unauthenticated', detail: 'Sign in first.' })
  return { actor, idempotencyKey }
}
