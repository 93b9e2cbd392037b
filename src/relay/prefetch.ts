// Prefetch: how many messages to lease, and for which targets. Enough wait for each target that none of its slots is idle
// during a lease round trip, and few enough that all of them start before their lease check is stale.
import { freshForMs } from './lease-checks.ts'
import type { Limiter } from './limiter.ts'

export interface Prefetch {
  /** A message has ended, of whichever target. */
  slotFreed(): void
  /** How many to lease at once. `now` is `performance.now()`. */
  limit(now: number): number
  /** How many milliseconds the last lease took. */
  leaseTook(ms: number): void
  /** Targets for which enough messages wait: none of theirs is to be leased. */
  fullTargets(): readonly string[]
}

/** `batch`: the most messages that one lease may take. */
export type CreatePrefetch = (
  limiters: ReadonlyMap<string, Pick<Limiter<never>, 'size' | 'maxInFlight'>>,
  batch: number,
) => Prefetch

/** Messages that are leased at once however slowly they leave. */
const minBatch = 10
/** The share of `freshForMs` in which all that was leased should have started. */
const freshShare = 0.6
/** The rate is measured over at least so many milliseconds. */
const rateWindowMs = freshForMs / 5

export const createPrefetch: CreatePrefetch = (limiters, batch) => {
  let ended = 0
  let countedAt = performance.now()
  let perMs = 0
  /** Milliseconds, a moving average. */
  let leaseMs = 10
  const limit = () => Math.min(batch, Math.max(minBatch, Math.ceil(perMs * freshForMs * freshShare)))
  /** What leaves in one and a half lease round trips, but no less than a third of a batch. */
  const reserve = () => Math.max(limit() / 3, perMs * leaseMs * 1.5)
  return {
    slotFreed() {
      ended += 1
    },
    limit(now) {
      const elapsed = now - countedAt
      if (elapsed < rateWindowMs) return limit()
      perMs = ended / elapsed
      ended = 0
      countedAt = now
      return limit()
    },
    leaseTook(ms) {
      leaseMs += (ms - leaseMs) / 4
    },
    fullTargets: () =>
      [...limiters].filter(([, { size, maxInFlight }]) => size() >= maxInFlight + reserve()).map(([target]) => target),
  }
}
