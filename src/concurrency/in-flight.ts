// Keeps track of work that goes on in the background, for those who wait until none is left.

export interface InFlight {
  /** Keeps `idle` waiting for it, however it ends. */
  track<T>(work: Promise<T>): Promise<T>
  /** Settles when no work is left, and never rejects. */
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
