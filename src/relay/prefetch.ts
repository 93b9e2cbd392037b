// How many messages to lease, and for whom: as many are in line as leave soon, so that nobody who becomes free has to wait,
// and what was leased is not old when it is handed over.
import { moment } from './lease-checks.ts'
import type { Lane } from './limiter.ts'

export interface Room {
  /** A message has left its lane. */
  ended(): void
  /** How many to take at once; counted anew now and then. */
  limit(now: number): number
  /** So many milliseconds it took to lease. */
  took(ms: number): void
  /** Targets whose lanes have enough. */
  full(): readonly string[]
}

/** Messages that are taken at once however slowly they leave. */
const least = 10
/** Of a moment: what is leased has left by then. */
const share = 0.6

/** `batch`: messages taken at once, at most. */
export function createRoom(lanes: ReadonlyMap<string, Pick<Lane<never, never>, 'size' | 'maxInFlight'>>, batch: number): Room {
  let gone = 0
  let countedAt = performance.now()
  /** Messages in a millisecond. */
  let pace = 0
  /** Milliseconds, of late. */
  let leasing = 10
  const limit = () => Math.min(batch, Math.max(least, Math.ceil(pace * moment * share)))
  /** Enough for half as long again as it takes to lease more. */
  const reserve = () => Math.max(limit() / 3, pace * leasing * 1.5)
  return {
    ended() {
      gone += 1
    },
    limit(now) {
      const elapsed = now - countedAt
      if (elapsed < moment / 5) return limit()
      pace = gone / elapsed
      gone = 0
      countedAt = now
      return limit()
    },
    took(ms) {
      leasing += (ms - leasing) / 4
    },
    full: () => [...lanes].filter(([, lane]) => lane.size() >= lane.maxInFlight + reserve()).map(([target]) => target),
  }
}
