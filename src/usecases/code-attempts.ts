// Codes are short enough to be guessed by who may try for ever: wrong ones are counted, before anything is compared.

import { fail } from '../api/error.ts'
import { addressHashOf } from '../domain/token.ts'
import type { Settings } from '../options/settings.ts'
import { incrementCounter } from './rate-counter.ts'

const windowMs = 60_000

/** Wrong codes of all callers together, in an hour. */
const maxInAll = { name: 'codes', limit: 1000, windowMs: 60 * windowMs }
/** Wrong codes of one signed-in user, in 10 minutes. */
const maxOfUser = (mark: string) => ({ name: `codes:${mark}`, limit: 10, windowMs: 10 * windowMs })

/** Looks a code up. A right code is not counted. Throws `rate_limited`. */
export async function limitCodeAttempts<Tx, T>(
  settings: Settings<Tx>,
  userId: string | null,
  look: () => Promise<T | null>,
  tx: Tx | undefined,
): Promise<T | null> {
  const counters = [maxInAll, ...(userId === null ? [] : [maxOfUser(addressHashOf(settings.keys[0], userId))])]
  for (const { name, limit, windowMs } of counters) {
    const { count, retryAfter } = await incrementCounter(settings, name, windowMs, { tx })
    if (count > limit) throw fail('rate_limited', { limit, retryAfter })
  }
  const found = await look()
  if (found !== null)
    for (const { name, windowMs } of counters) await incrementCounter(settings, name, windowMs, { by: -1, tx })
  return found
}
