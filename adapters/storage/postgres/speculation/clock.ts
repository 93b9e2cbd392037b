// The database's clock without asking for it, from the times that it said lately.

/** Milliseconds: clocks that run apart, or were set anew, are heard again. */
const freshForMs = 10_000

export function createClock(elapsed: () => number = () => performance.now()) {
  /** How far the database's time is ahead of the time elapsed here. An answer takes time to come, so it is never too much. */
  let ahead = Number.NEGATIVE_INFINITY
  /** When that was heard. */
  let since = Number.NEGATIVE_INFINITY
  return {
    /** The time that an answer that has just come says. Of several, what came the fastest is the nearest. */
    heard(now: Date): void {
      const at = elapsed()
      const said = now.getTime() - at
      if (said <= ahead && at - since < freshForMs) return
      ahead = said
      since = at
    },
    /** Null when there was no answer lately. */
    now(): Date | null {
      const at = elapsed()
      return at - since < freshForMs ? new Date(Math.floor(at + ahead)) : null
    },
  }
}
