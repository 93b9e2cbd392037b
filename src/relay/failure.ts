// Reads what a transport or sink rejects with: whether to try again, when, and which words may be stored.

export const isPermanent = (error: unknown): boolean => (error as { permanent?: unknown } | null)?.permanent === true

/** The recipient told the provider that they want no messages. */
export const isOptedOut = (error: unknown): boolean => (error as { optedOut?: unknown } | null)?.optedOut === true

/** The receiver wants no event ever again, as a webhook says by 410. */
export const isGone = (error: unknown): boolean => (error as { gone?: unknown } | null)?.gone === true

/** The transport says what failed in words that may be stored, as ours do. */
export const isExpected = (error: unknown): boolean => typeof (error as { failure?: unknown } | null)?.failure === 'string'

/** Milliseconds that the receiver asked for, at most a day. */
export function askedToWait(error: unknown): number {
  const { retryAfter } = (error ?? {}) as { retryAfter?: unknown }
  return typeof retryAfter === 'number' && retryAfter > 0 ? Math.min(retryAfter, 86_400_000) : 0
}

/** Our words and a status code: a provider's text can hold the mail and its link. */
export function failureOf(error: unknown): string {
  const { failure } = (error ?? {}) as { failure?: unknown }
  return (typeof failure === 'string' ? textOf(failure) : null) ?? 'the transport failed'
}

/** A transport may answer anything: text that every database keeps, or null. */
export function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null
  return String(value).replaceAll('\0', '').slice(0, 200).toWellFormed()
}
