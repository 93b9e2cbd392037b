// How every request is answered: find the route, check origin and rate limits, ask who is signed in, read the body, run the route.
import { type Actor, isInviteError, toCode } from '../../../src/core.ts'
import { type BodyRules, readBytes, readForm, readJson } from './body.ts'
import { checkMount } from './check-options.ts'
import { refuseCrossSite, refuseForms } from './cross-site.ts'
import type { Exchange, Handle, Params } from './exchange.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { Incoming, Reply } from './message.ts'
import type { HandleOptions, Part } from './options.ts'
import type { Profile } from './profile.ts'
import { createRateLimits } from './rate-limits.ts'
import { refuse, toProblem } from './refusal.ts'
import { allowed, toOutgoing, withoutBody } from './response.ts'
import type { AnyInvites, Audience, Route, RouteContext } from './route.ts'
import { byPath, createRouter } from './router.ts'

/**
 * The API of a profile as one function of a request. It answers undefined where no route has the path, answers every refusal
 * itself, and throws what nobody expected.
 */
export function createHandle(invites: AnyInvites, profile: Profile, options: HandleOptions): Handle {
  const { parts, publicLimits, bodyTimeout: timeout } = checkMount(invites, options)
  const { publicUrl, trustedOrigins, onError } = invites.config
  const origins = new Set([new URL(publicUrl).origin, ...trustedOrigins])
  const limits = createRateLimits(invites.config, publicLimits)

  const isMounted = ({ who }: Route) => who === 'anyone' || parts.has(partOf[who])
  const routes = profile.routes({ invites, isMounted })
  // By path first: a path of which this mount serves no method must not fall through to a pattern that also fits.
  const findRoutes = createRouter(new Map([...byPath(routes)].map(([path, all]) => [path, all.filter(isMounted)])))

  return async (request, exchange) => {
    const { found: mounted = [], params = {} } = findRoutes(exchange.path) ?? {}
    if (mounted.length === 0) return undefined
    const outgoing = toOutgoing(await replyTo(mounted, request, exchange, params), profile.type)
    return request.method === 'HEAD' ? withoutBody(outgoing) : outgoing
  }

  async function replyTo(mounted: readonly Route[], request: Incoming, exchange: Exchange, params: Params) {
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const route = mounted.find(one => one.method === method)
    try {
      if (route) return await runRoute(route, request, exchange, params)
      const headers = { allow: allowed(mounted.map(one => one.method)) }
      if (request.method === 'OPTIONS') return { status: 204, headers }
      throw refuse({ code: 'method_not_allowed', headers })
    } catch (error) {
      const reply = refusal(error, request, route ?? null)
      const isPage = mounted.some(({ page }) => page)
      return (isPage && profile.refusePage?.({ invites, request, reply })) || reply
    }
  }

  async function runRoute(route: Route, request: Incoming, exchange: Exchange, params: Params): Promise<Reply | Response> {
    if (!route.fromElsewhere) refuseCrossSite(request, origins)
    if (route.limited && route.limited !== 'refusals') await limits.client(exchange.clientAddress)
    const askActor = async () => (await exchange.actor()) ?? null
    const actor = await actorFor(route, askActor)
    const { form, bytes, body } = await readInput(route, request)
    const { code } = await countAttempt(route, exchange, { params, body, form })
    const context: RouteContext = {
      request,
      path: exchange.path,
      params,
      query: new URLSearchParams(request.query),
      body,
      form,
      bytes,
      actor,
      askActor,
      idempotencyKey: route.idempotent ? idempotencyKey(route, request.headers) : undefined,
    }
    const reply = await countRefusal(route, exchange, () => route.run(context))
    if (code !== undefined) await limits.rightCode(exchange.clientAddress)
    return reply
  }

  async function readInput(route: Route, request: Incoming): Promise<Pick<RouteContext, 'form' | 'bytes' | 'body'>> {
    const rules: BodyRules = { limit: route.bodyLimit ?? 65_536, timeout }
    if (!route.form && !route.fromElsewhere) refuseForms(request)
    const form = route.form ? await readForm(request, rules) : undefined
    const bytes = route.bytes ? await readBytes(request, rules) : undefined
    const isRead = route.method === 'GET' || form !== undefined || bytes !== undefined
    return { form, bytes, body: isRead ? {} : await readJson(request, rules, profile.accepts ?? ['application/json']) }
  }

  /** Signed calls are limited only where they are refused, so that nobody else's wrong signatures stop a right one. */
  async function countRefusal<T extends Reply | Response>(route: Route, exchange: Exchange, run: () => Promise<T>): Promise<T> {
    if (route.limited !== 'refusals') return run()
    try {
      const reply = await run()
      if (reply.status >= 400) await limits.client(exchange.clientAddress)
      return reply
    } catch (error) {
      if (toProblem(error) !== null) await limits.client(exchange.clientAddress)
      throw error
    }
  }

  /** Counted before anything is compared, so that the order of the checks tells a guesser nothing. */
  async function countAttempt(
    route: Route,
    exchange: Exchange,
    input: Pick<RouteContext, 'params' | 'body' | 'form'>,
  ): Promise<{ readonly code?: string | undefined }> {
    if (!route.limited) return {}
    const { token, code, id } = route.selector?.(input) ?? {}
    if (code !== undefined) await limits.code(exchange.clientAddress)
    const selector = token ?? (code === undefined ? id : (toCode(code) ?? code))
    if (route.limited === 'answer' && selector !== undefined) await limits.answer(selector)
    return { code }
  }

  function refusal(error: unknown, { method }: Incoming, route: Route | null): Reply {
    const problem = toProblem(error)
    if (problem === null) throw error
    const requestId = crypto.randomUUID()
    const isQuery = problem.code === 'invalid_input' && (method === 'GET' || method === 'HEAD')
    const reply = profile.refuse({ ...problem, ...(isQuery ? { code: 'invalid_query' } : {}), requestId, route })
    if (reply.status >= 500 || isAboutActor(error)) onError(error, { where: `http request ${requestId}` })
    return reply
  }
}

const partOf: { readonly [W in Exclude<Audience, 'anyone'>]: Part } = {
  management: 'management',
  invitee: 'public',
  token: 'public',
  signature: 'public',
}

async function actorFor({ who, form }: Route, askActor: () => Promise<Actor | null>): Promise<Actor | null> {
  const actor = who === 'anyone' || who === 'signature' || form ? null : await askActor()
  const isNeeded = who === 'management' || who === 'invitee'
  if (actor === null && isNeeded) throw refuse({ code: 'unauthenticated', detail: 'Sign in first.' })
  return actor
}

/** The host's `actor` answered a user without a proper id. The visitor cannot mend that, so the host is told. */
const isAboutActor = (error: unknown) =>
  isInviteError(error) &&
  error.facts.code === 'invalid_input' &&
  error.facts.errors.some(({ path }) => path.startsWith('actor.'))
