// What went wrong with an event, in our words and the status code: nothing that the endpoint wrote.

/** Read by the relay: `permanent` is not tried again, `failure` may be stored, `retryAfter` are milliseconds to wait. */
export type HookError = Error & {
  readonly permanent: boolean
  readonly failure: string
  readonly status: number | null
  readonly retryAfter?: number
  /** The endpoint wants no event ever again: the relay switches the sink off. */
  readonly gone?: true
}

const day = 86_400_000

/** From the status of an answer that is not 2xx. */
export function toRefusal(status: number, retryAfter: string | undefined, now = Date.now()): HookError {
  if (status === 410) return Object.assign(hookError('the endpoint is gone', status, true), { gone: true as const })
  const wait = toWait(retryAfter, now)
  const error = hookError(wordsFor(status), status)
  return wait === null ? error : Object.assign(error, { retryAfter: wait })
}

function wordsFor(status: number): string {
  if (status >= 500) return 'the endpoint failed'
  if (status === 429) return 'the endpoint asks for fewer events'
  if (status >= 400) return 'the endpoint refuses the event'
  return status >= 300 ? 'the endpoint redirects, which is not followed' : 'the endpoint gave no final answer'
}

/** Milliseconds, at most a day; null for a header that is none or says nothing. */
function toWait(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? ''
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : text.endsWith('GMT') ? Date.parse(text) - now : Number.NaN
  return wait > 0 ? Math.min(wait, day) : null
}

/** From whatever the connection was broken by. Its own message and cause are dropped on purpose. */
export function toHookError(error: unknown, signal: AbortSignal): HookError {
  const { code, name } = factsOf(error)
  if (signal.aborted || name === 'AbortError') return hookError('the endpoint gave no answer in time')
  return hookError(words.find(([pattern]) => pattern.test(code))?.[1] ?? 'the endpoint could not be reached')
}

/** What a lookup of ours ends with when a name leads to addresses that are not public. */
export const refusedAddress = () => Object.assign(new Error('not a public address'), { code: 'EREFUSEDADDRESS' })

const words: readonly (readonly [RegExp, string])[] = [
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

function factsOf(error: unknown): { readonly code: string; readonly name: string } {
  if (!(error instanceof Error)) return { code: '', name: '' }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return { code, name: error.name }
}
