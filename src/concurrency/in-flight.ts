// Work that goes on beside the calls, and that `stop` and `drain` wait for.

export interface InFlight {
  /** Keeps `idle` waiting for it, however it ends. */
  track<T>(work: Promise<T>): Promise<T>
  /** Settles when nothing is under way. */
  idle(): Promise<void>
}

export function createInFlight(): InFlight {
  const all = new Set<Promise<unknown>>()
  return {
    track(work) {
      const quiet = work.catch(() => {})
      all.add(quiet)
      void quiet.finally(() => all.delete(quiet))
      return work
    },
    async idle() {
      while (all.size > 0) await Promise.all(all)
    },
  }
}
