// Sends one call over HTTP, retries it where a repeat is safe, and reads the response.
import { fail } from '../../src/core.ts'
import { reviveDates } from './dates.ts'
import { toError } from './errors.ts'

type HeaderFields = ConstructorParameters<typeof Headers>[0]

export interface ClientOptions {
  /** Where the API is: `https://app.example.com/invites`, or `/invites` in a page of the same origin. */
  readonly baseUrl: string
  /** Default: the platform's own. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined
  /** Sent with every call: `{ authorization: 'Bearer …' }`, or a function that returns the current ones. */
  readonly headers?: HeaderFields | (() => HeaderFields | Promise<HeaderFields>) | undefined
  /** Retries after a network error, 429 or 503. Default 2. */
  readonly retries?: number | undefined
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Default: a new one for each call that takes one; its retries have the same. */
  readonly idempotencyKey?: string | undefined
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | readonly string[] | undefined>> | undefined
  readonly body?: object | undefined
  /** The route takes an Idempotency-Key. */
  readonly keyed?: true
  /** The route takes none and a repeat would do harm: no retry when the outcome of the first try is unknown. */
  readonly once?: true
}

/** A longer `Retry-After` is not waited for: the call fails instead. */
const maxWaitMs = 5000

export type Send = <T>(call: Call, options?: CallOptions) => Promise<T>

export function createSend({ baseUrl, fetch: customFetch, headers: baseHeaders, retries = 2 }: ClientOptions): Send {
  const base = baseUrl.replace(/\/+$/, '')
  const send = customFetch ?? ((url, init) => fetch(url, init))

  return async <T>(call: Call, options: CallOptions = {}): Promise<T> => {
    // Checked at the first call, because a page that is rendered on a server creates its client there too.
    if (!customFetch && !('location' in globalThis) && !URL.canParse(base)) throw new TypeError(relativeUrlError)
    const key = call.keyed ? (options.idempotencyKey ?? crypto.randomUUID()) : null
    for (let attempt = 0; ; attempt += 1) {
      const headers = new Headers(typeof baseHeaders === 'function' ? await baseHeaders() : baseHeaders)
      headers.set('accept', 'application/json')
      if (call.body) headers.set('content-type', 'application/json')
      if (key !== null) headers.set('idempotency-key', key)
      const response = await fetchOnce(send, urlOf(base, call), { ...initOf(call), headers, signal: options.signal ?? null })
      const hasFailed = 'networkError' in response
      if (!hasFailed && response.ok) return readBody(response)
      const wait = attempt < retries ? retryDelay(call, response, attempt) : null
      if (wait === null) throw await toFailure(response)
      if (!hasFailed) await response.body?.cancel()
      await new Promise(resolve => setTimeout(resolve, wait))
      options.signal?.throwIfAborted()
    }
  }
}

const relativeUrlError =
  "createClient: outside of a browser `baseUrl` must be a whole address, such as 'https://app.example.com/invites'."

/** The request failed without a response. */
interface NetworkFailure {
  readonly networkError: unknown
}

async function fetchOnce(
  send: NonNullable<ClientOptions['fetch']>,
  url: string,
  init: RequestInit,
): Promise<Response | NetworkFailure> {
  try {
    return await send(url, init)
  } catch (error) {
    init.signal?.throwIfAborted()
    return { networkError: error }
  }
}

/** Milliseconds until the next try; null for none. */
function retryDelay({ once }: Call, response: Response | NetworkFailure, attempt: number): number | null {
  const backoff = 100 * 2 ** attempt * (1 + Math.random())
  if ('networkError' in response) return once ? null : backoff
  if (response.status !== 429 && (response.status !== 503 || once)) return null
  const retryAfter = response.headers.get('retry-after')
  if (retryAfter === null) return backoff
  const wait = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - Date.now()
  return wait <= maxWaitMs ? Math.max(wait, 0) : null
}

const toFailure = async (response: Response | NetworkFailure): Promise<Error> =>
  'networkError' in response
    ? fail('unavailable', {}, 'The server cannot be reached.', response.networkError)
    : toError(response.status, await response.text())

async function readBody(response: Response) {
  const text = await response.text()
  if (text === '') return undefined
  try {
    const body = JSON.parse(text)
    reviveDates(body)
    return body
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
