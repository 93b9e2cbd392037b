// Errors of a delivery. Their sentences are the library's own, with the status code; nothing that the endpoint wrote is in
// them, because they are stored and shown.

/** What the relay reads: whether to try again (`permanent`), when (`retryAfter`, in milliseconds), and the sentence to store. */
export type HookError = Error & {
  readonly permanent: boolean
  readonly failure: string
  readonly status: number | null
  readonly retryAfter?: number
  /** The endpoint wants no more events (410): the relay switches the sink off. */
  readonly gone?: true
}

const maxRetryAfterMs = 86_400_000

/** For a response that is not 2xx. */
export function toStatusError(status: number, retryAfter: string | undefined, now = Date.now()): HookError {
  if (status === 410) return Object.assign(hookError('the endpoint is gone', status, true), { gone: true as const })
  const wait = parseRetryAfter(retryAfter, now)
  const error = hookError(sentenceFor(status), status)
  return wait === null ? error : Object.assign(error, { retryAfter: wait })
}

function sentenceFor(status: number): string {
  if (status >= 500) return 'the endpoint failed'
  if (status === 429) return 'the endpoint asks for fewer events'
  if (status >= 400) return 'the endpoint refuses the event'
  return status >= 300 ? 'the endpoint redirects, which is not followed' : 'the endpoint gave no final answer'
}

/** Milliseconds, at most a day. Null for a missing or malformed header, and for a time that has passed. */
function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? ''
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : text.endsWith('GMT') ? Date.parse(text) - now : Number.NaN
  return wait > 0 ? Math.min(wait, maxRetryAfterMs) : null
}

/** For a request without a response. The message and the cause of `error` are dropped on purpose. */
export function toHookError(error: unknown, signal: AbortSignal): HookError {
  const { code, name } = codeAndNameOf(error)
  if (signal.aborted || name === 'AbortError') return hookError('the endpoint gave no answer in time')
  return hookError(connectionErrors.find(([pattern]) => pattern.test(code))?.[1] ?? 'the endpoint could not be reached')
}

/** What the guarded lookup fails with when a host name has no address that may be connected to. */
export const refusedAddress = () => Object.assign(new Error('not a public address'), { code: 'EREFUSEDADDRESS' })

const connectionErrors: readonly (readonly [RegExp, string])[] = [
  [/^EREFUSEDADDRESS$/, "the endpoint's address is not public, and not in `allow`"],
  [/^(?:ENOTFOUND|EAI_)/, 'the name of the endpoint was not found'],
  [/^(?:ECONNRESET|EPIPE)$/, 'the endpoint broke the connection off'],
  [/^HPE_/, 'the endpoint answered with something that is no HTTP'],
  [/TLS|SSL|CERT|^EPROTO$|UNABLE_TO/, 'TLS with the endpoint failed'],
]

function hookError(sentence: string, status: number | null = null, permanent = false): HookError {
  const failure = status === null ? sentence : `${sentence} (${status})`
  return Object.assign(new Error(failure), { permanent, failure, status })
}

function codeAndNameOf(error: unknown): { readonly code: string; readonly name: string } {
  if (!(error instanceof Error)) return { code: '', name: '' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { code, name: error.name }
}
