// One call over the wire: sent, tried again where that does no harm, and its answer read.
import { fail } from '../../src/core.ts'
import { reviveDates } from './dates.ts'
import { toError } from './errors.ts'

type HeaderFields = ConstructorParameters<typeof Headers>[0]

export interface ClientOptions {
  /** Where the API is: `https://app.example.com/invites`, or `/invites` in a page of the same origin. */
  readonly baseUrl: string
  /** Default: the platform's own. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Sent with every call: `{ authorization: 'Bearer …' }`, or a function that knows the newest. */
  readonly headers?: HeaderFields | (() => HeaderFields | Promise<HeaderFields>) | undefined
  /** Further tries after a failure of the network, 429 or 503. Default 2. */
  readonly retries?: number | undefined
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Default: a new one for each call that honours it, kept over its retries. */
  readonly idempotencyKey?: string | undefined
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>> | undefined
  readonly body?: object | undefined
  /** The route honours Idempotency-Key. */
  readonly keyed?: true
  /** May not be sent twice without knowing what became of the first. */
  readonly once?: true
}

/** The longest that a caller is kept waiting for another try. */
const maxWaitMs = 5000

export type Send = <T>(call: Call, options?: CallOptions) => Promise<T>

export function createSend({ baseUrl, fetch: ours, headers: own, retries = 2 }: ClientOptions): Send {
  const base = baseUrl.replace(/\/+$/, '')
  const go = ours ?? ((url, init) => fetch(url, init))

  return async <T>(call: Call, options: CallOptions = {}): Promise<T> => {
    // Not before the first call: a page that is rendered on a server makes its client there, too.
    if (!ours && !('location' in globalThis) && !URL.canParse(base)) throw new TypeError(unreachable)
    const key = call.keyed ? (options.idempotencyKey ?? crypto.randomUUID()) : null
    for (let attempt = 0; ; attempt += 1) {
      const headers = new Headers(typeof own === 'function' ? await own() : own)
      headers.set('accept', 'application/json')
      if (call.body) headers.set('content-type', 'application/json')
      if (key !== null) headers.set('idempotency-key', key)
      const response = await attemptOf(go, urlOf(base, call), { ...initOf(call), headers, signal: options.signal ?? null })
      const isLost = 'lost' in response
      if (!isLost && response.ok) return answerOf(response)
      const wait = attempt < retries ? waitOf(call, response, attempt) : null
      if (wait === null) throw await refusalOf(response)
      if (!isLost) await response.body?.cancel()
      await new Promise(resolve => setTimeout(resolve, wait))
      options.signal?.throwIfAborted()
    }
  }
}

const unreachable =
  "createClient: outside of a browser `baseUrl` must be a whole address, such as 'https://app.example.com/invites'."

interface Lost {
  readonly lost: unknown
}

async function attemptOf(go: NonNullable<ClientOptions['fetch']>, url: string, init: RequestInit): Promise<Response | Lost> {
  try {
    return await go(url, init)
  } catch (error) {
    init.signal?.throwIfAborted()
    return { lost: error }
  }
}

/** Milliseconds until the next try; null when there should be none. */
function waitOf({ once }: Call, response: Response | Lost, attempt: number): number | null {
  const backoff = 100 * 2 ** attempt * (1 + Math.random())
  if ('lost' in response) return once ? null : backoff
  if (response.status !== 429 && (response.status !== 503 || once)) return null
  const asked = response.headers.get('retry-after')
  if (asked === null) return backoff
  const wait = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now()
  return wait <= maxWaitMs ? Math.max(wait, 0) : null
}

const refusalOf = async (response: Response | Lost): Promise<Error> =>
  'lost' in response
    ? fail('unavailable', {}, 'The server cannot be reached.', response.lost)
    : toError(response.status, await response.text())

async function answerOf(response: Response) {
  const text = await response.text()
  if (text === '') return undefined
  try {
    const answer = JSON.parse(text)
    reviveDates(answer)
    return answer
  } catch (error) {
    throw fail('unavailable', {}, 'The server answered something that is no JSON: is `baseUrl` right?', error)
  }
}

const initOf = ({ method, body }: Call): RequestInit => ({ method, ...(body ? { body: JSON.stringify(body) } : {}) })

function urlOf(base: string, { path, query = {} }: Call): string {
  const fields = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) fields.set(key, String(value))
  const text = fields.size === 0 ? '' : `?${fields}`
  return `${base}${path === '/' ? '' : path}${text}`
}
