// Codes are short enough to be guessed by who may try for ever: wrong ones are counted, before anything is compared.
import { markOf } from '../domain/token.ts'
import { fail } from './error.ts'
import type { Settings } from './options/settings.ts'

const minute = 60_000

/** Wrong codes of all callers together, in an hour. */
const inAll = { name: 'codes', limit: 1000, windowMs: 60 * minute }
/** Wrong codes of one signed-in user, in 10 minutes. */
const ofUser = (mark: string) => ({ name: `codes:${mark}`, limit: 10, windowMs: 10 * minute })

/** Looks a code up. A right code is not counted. Throws `rate_limited`. */
export async function tryCode<Tx, T>(
  { storage, clock, keys }: Settings<Tx>,
  userId: string | null,
  look: () => Promise<T | null>,
): Promise<T | null> {
  const counters = [inAll, ...(userId === null ? [] : [ofUser(markOf(keys[0], userId))])]
  const now = clock?.() ?? null
  for (const { name, limit, windowMs } of counters) {
    const { count, resetsAt } = await storage.hit(name, windowMs, now)
    const left = Math.ceil((resetsAt.getTime() - (now ?? new Date()).getTime()) / 1000)
    if (count > limit) throw fail('rate_limited', { limit, retryAfter: Math.max(1, left) })
  }
  const found = await look()
  if (found !== null) for (const { name, windowMs } of counters) await storage.hit(name, windowMs, now, -1)
  return found
}
