// One request through the house: route, origin, limits, actor, input, call, answer. Every route takes this way.
import { isInviteError, toCode } from '../../../src/core.ts'
import type { Exchange, Handle } from '../mounts/bridge/mount.ts'
import { asksForJson, refusedPage } from '../pages/landing/error-page.ts'
import { createDocument } from '../profiles/native/openapi.ts'
import { problemReply, refuse, statuses, toProblem } from '../profiles/native/problem.ts'
import { createRoutes } from '../profiles/native/routes.ts'
import { createInputSchemas } from '../profiles/native/schemas/inputs.ts'
import { createResultSchemas } from '../profiles/native/schemas/results.ts'
import { readBytes, readForm, readJson } from './body.ts'
import { checkMount } from './check-options.ts'
import { refuseCrossSite, refuseForms } from './cross-site.ts'
import { idempotencyKey } from './idempotency-key.ts'
import type { Incoming, Reply } from './message.ts'
import type { HandleOptions, Part } from './options.ts'
import { createRateLimits } from './rate-limits.ts'
import { allowed, toOutgoing, withoutBody } from './response.ts'
import type { AnyInvites, Audience, Route, RouteContext } from './route.ts'
import { byPath, createRouter } from './router.ts'

/**
 * The API as one function of a request: what every mount calls. Answers undefined where the path is not ours,
 * answers every refusal itself, and throws what nobody expected.
 */
export function createHandle(invites: AnyInvites, options: HandleOptions): Handle {
  const { parts, publicLimits, bodyTimeout: timeout } = checkMount(invites, options)
  const { publicUrl, trustedOrigins, roles } = invites.config
  const origins = new Set([new URL(publicUrl).origin, ...trustedOrigins])
  const gate = createRateLimits(invites.config, publicLimits)

  const schemas = createInputSchemas(roles)
  const shapes = createResultSchemas(schemas)
  const routes = createRoutes(invites, schemas, shapes, () => document())
  const document = once(() => createDocument(publicUrl, routes.filter(isMounted), schemas))
  const match = createRouter(new Map([...byPath(routes)].map(([path, all]) => [path, all.filter(isMounted)])))

  function isMounted({ who }: Route): boolean {
    return who === 'anyone' || parts.has(partOf[who])
  }

  return async (request, exchange) => {
    const { found: mounted = [], params = {} } = match(exchange.path) ?? {}
    if (mounted.length === 0) return undefined
    const outgoing = toOutgoing(await replyTo(mounted, request, exchange, params))
    return request.method === 'HEAD' ? withoutBody(outgoing) : outgoing
  }

  async function replyTo(mounted: readonly Route[], request: Incoming, exchange: Exchange, params: RouteContext['params']) {
    const wanted = request.method === 'HEAD' ? 'GET' : request.method
    const route = mounted.find(({ method }) => method === wanted)
    try {
      if (route) return await take(route, request, exchange, params)
      const headers = { allow: allowed(mounted.map(({ method }) => method)) }
      if (request.method === 'OPTIONS') return { status: 204, headers }
      throw refuse({ code: 'method_not_allowed', headers })
    } catch (error) {
      const reply = refusal(error, request)
      const isPage = mounted.some(({ page }) => page) && !asksForJson(request)
      return isPage ? refusedPage(invites, request, reply) : reply
    }
  }

  async function take(route: Route, request: Incoming, exchange: Exchange, params: RouteContext['params']) {
    if (!route.fromElsewhere) refuseCrossSite(request, origins)
    if (route.limited && route.limited !== 'refusals') await gate.client(exchange.clientAddress)
    const askActor = async () => (await exchange.actor()) ?? null
    const actor = route.who === 'anyone' || route.who === 'signature' || route.form ? null : await askActor()
    if (actor === null && needsActor(route.who)) throw refuse({ code: 'unauthenticated', detail: 'Sign in first.' })
    const rules = { limit: route.bodyLimit ?? 65_536, timeout }
    if (!route.form && !route.fromElsewhere) refuseForms(request)
    const form = route.form ? await readForm(request, rules) : undefined
    const bytes = route.bytes ? await readBytes(request, rules) : undefined
    const body = route.method === 'GET' || form || bytes ? {} : await readJson(request, rules)
    await countAnswer(route, exchange, body, form, params)
    const key = route.idempotent ? idempotencyKey(route, request.headers) : undefined
    const query = new URLSearchParams(request.query)
    const visit: RouteContext = {
      request,
      path: exchange.path,
      params,
      query,
      body,
      form,
      bytes,
      actor,
      askActor,
      idempotencyKey: key,
    }
    const reply = await countRefusal(route, exchange, () => route.run(visit))
    if (route.limited && texts(body)['code'] !== undefined) await gate.rightCode(exchange.clientAddress)
    return reply
  }

  /** Whoever signs is not limited, and nobody else's guesses stand in its way. */
  async function countRefusal<T extends Reply | Response>(route: Route, exchange: Exchange, run: () => Promise<T>): Promise<T> {
    if (route.limited !== 'refusals') return run()
    try {
      const reply = await run()
      if (reply.status >= 400) await gate.client(exchange.clientAddress)
      return reply
    } catch (error) {
      if (toProblem(error) !== null) await gate.client(exchange.clientAddress)
      throw error
    }
  }

  /** Before anything is compared: who guesses learns nothing from the order of checks. */
  async function countAnswer(
    route: Route,
    exchange: Exchange,
    body: unknown,
    form: URLSearchParams | undefined,
    params: RouteContext['params'],
  ) {
    if (!route.limited) return
    const { token, code, id } = texts(body)
    if (code !== undefined) await gate.code(exchange.clientAddress)
    const selector = params['token'] ?? token ?? (code === undefined ? id : (toCode(code) ?? code))
    const isAnswer = route.limited === 'answer' && form?.get('action') !== 'open'
    if (isAnswer && selector !== undefined) await gate.answer(selector)
  }

  function refusal(error: unknown, { method }: Incoming): Reply {
    const problem = toProblem(error)
    if (problem === null) throw error
    const requestId = crypto.randomUUID()
    if (statuses[problem.code] >= 500 || isOfActor(error)) invites.config.onError(error, { where: `http request ${requestId}` })
    const isQuery = problem.code === 'invalid_input' && (method === 'GET' || method === 'HEAD')
    return problemReply(isQuery ? { ...problem, code: 'invalid_query' } : problem, requestId)
  }
}

const partOf: { readonly [W in Exclude<Audience, 'anyone'>]: Part } = {
  management: 'management',
  invitee: 'public',
  token: 'public',
  signature: 'public',
}
const needsActor = (who: Audience) => who === 'management' || who === 'invitee'

/** A user without a proper id: its visitor cannot mend that, so the host hears of it. */
const isOfActor = (error: unknown) =>
  isInviteError(error) &&
  error.facts.code === 'invalid_input' &&
  error.facts.errors.some(({ path }) => path.startsWith('actor.'))

const texts = (body: unknown): Record<string, string> =>
  typeof body === 'object' && body !== null
    ? Object.fromEntries(Object.entries(body).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])))
    : {}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
