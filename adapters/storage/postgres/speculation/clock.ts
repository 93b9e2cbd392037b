// Estimates the database's clock from the times in its recent answers, without a query.

/** How long an estimate is used, so that clock drift and adjustments are noticed. */
const freshForMs = 10_000

export function createClock(elapsed: () => number = () => performance.now()) {
  /** The database's time minus the local monotonic time. Answers take time to arrive, so this is never too large. */
  let offset = Number.NEGATIVE_INFINITY
  /** When it was measured. */
  let since = Number.NEGATIVE_INFINITY
  return {
    /** Takes the time from an answer that has just arrived. The largest offset came with the fastest answer and is kept. */
    observe(now: Date): void {
      const at = elapsed()
      const measured = now.getTime() - at
      if (measured <= offset && at - since < freshForMs) return
      offset = measured
      since = at
    },
    /** Null when there was no answer in the last `freshForMs`. */
    now(): Date | null {
      const at = elapsed()
      return at - since < freshForMs ? new Date(Math.floor(at + offset)) : null
    },
  }
}
