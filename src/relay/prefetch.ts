// How many messages to lease, and for whom: as many are in line as leave soon, so that nobody who becomes free has to wait,
// and what was leased is not old when it is handed over.
import { freshForMs } from './lease-checks.ts'
import type { Limiter } from './limiter.ts'

export interface Prefetch {
  /** A message has left its lane. */
  slotFreed(): void
  /** How many to take at once; counted anew now and then. */
  limit(now: number): number
  /** So many milliseconds it took to lease. */
  leaseTook(ms: number): void
  /** Targets whose lanes have enough. */
  fullTargets(): readonly string[]
}

/** Messages that are taken at once however slowly they leave. */
const minBatch = 10
/** Of a moment: what is leased has left by then. */
const freshShare = 0.6

/** `batch`: messages taken at once, at most. */
export function createPrefetch(
  lanes: ReadonlyMap<string, Pick<Limiter<never, never>, 'size' | 'maxInFlight'>>,
  batch: number,
): Prefetch {
  let gone = 0
  let countedAt = performance.now()
  /** Messages in a millisecond. */
  let pace = 0
  /** Milliseconds, of late. */
  let leasing = 10
  const limit = () => Math.min(batch, Math.max(minBatch, Math.ceil(pace * freshForMs * freshShare)))
  /** Enough for half as long again as it takes to lease more. */
  const reserve = () => Math.max(limit() / 3, pace * leasing * 1.5)
  return {
    slotFreed() {
      gone += 1
    },
    limit(now) {
      const elapsed = now - countedAt
      if (elapsed < freshForMs / 5) return limit()
      pace = gone / elapsed
      gone = 0
      countedAt = now
      return limit()
    },
    leaseTook(ms) {
      leasing += (ms - leasing) / 4
    },
    fullTargets: () => [...lanes].filter(([, lane]) => lane.size() >= lane.maxInFlight + reserve()).map(([target]) => target),
  }
}
