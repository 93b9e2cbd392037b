// Counters in fixed windows, kept in storage and so shared by all processes, and the limit of wrong codes.

import { fail } from '../api/error.ts'
import { addressHashOf } from '../domain/token.ts'
import type { Settings } from '../options/settings.ts'

interface IncrementOptions<Tx> {
  readonly by?: 1 | -1 | undefined
  /** The host's transaction, for a storage with one connection. */
  readonly tx?: Tx | undefined
}

/** Adds one (or takes one back); returns the new count and the whole seconds until the window ends. */
export async function incrementCounter<Tx>(
  { storage, clock }: Settings<Tx>,
  counter: string,
  windowMs: number,
  { by, tx }: IncrementOptions<Tx> = {},
) {
  const now = clock?.() ?? null
  const { count, resetsAt } = await storage.incrementCounter(counter, windowMs, now, by, tx)
  const left = Math.ceil((resetsAt.getTime() - (now ?? new Date()).getTime()) / 1000)
  // The database's clock may differ from ours: at least a second, and at most the window.
  return { count, retryAfter: Math.min(Math.max(left, 1), Math.ceil(windowMs / 1000)) }
}

const minuteMs = 60_000

const maxWrongCodesPerHour = { name: 'codes', limit: 1000, windowMs: 60 * minuteMs }
const maxWrongCodesPerUser = (userHash: string) => ({ name: `codes:${userHash}`, limit: 10, windowMs: 10 * minuteMs })

/**
 * Looks a code up. A code is short enough to be guessed, so attempts are counted before anything is compared; a right code
 * takes its attempt back. Throws `rate_limited`.
 */
export async function limitCodeAttempts<Tx, T>(
  settings: Settings<Tx>,
  userId: string | null,
  findByCode: () => Promise<T | null>,
  tx: Tx | undefined,
): Promise<T | null> {
  const ofUser = userId === null ? [] : [maxWrongCodesPerUser(addressHashOf(settings.keys[0], userId))]
  const counters = [maxWrongCodesPerHour, ...ofUser]
  for (const { name, limit, windowMs } of counters) {
    const { count, retryAfter } = await incrementCounter(settings, name, windowMs, { tx })
    if (count > limit) throw fail('rate_limited', { limit, retryAfter })
  }
  const found = await findByCode()
  if (found !== null)
    for (const { name, windowMs } of counters) await incrementCounter(settings, name, windowMs, { by: -1, tx })
  return found
}
