// How the messages that were found ended: counted for whoever drains, and what went wrong is told to them, or to the host.
import type { Handed } from './settle.ts'

export interface Counts {
  readonly delivered: number
  readonly failed: number
}

export interface DrainCounts {
  count(handed: readonly Handed[]): void
  failed(error: unknown): void
  /** Counts what ends while the work goes on, and throws the first thing that went wrong meanwhile. */
  during(work: (isFine: () => boolean) => Promise<void>): Promise<Counts>
}

export function createDrainCounts(onError: (error: unknown) => void): DrainCounts {
  const sum = { delivered: 0, failed: 0 }
  const listeners = new Set<unknown[]>()
  return {
    count(handed) {
      sum.delivered += handed.filter(each => each === 'delivered').length
      sum.failed += handed.filter(each => each === 'failed').length
    },
    failed(error) {
      for (const errors of listeners) errors.push(error)
      if (listeners.size === 0) onError(error)
    },
    async during(work) {
      const before = { ...sum }
      const errors: unknown[] = []
      listeners.add(errors)
      await work(() => errors.length === 0).finally(() => listeners.delete(errors))
      if (errors.length > 0) throw errors[0]
      return { delivered: sum.delivered - before.delivered, failed: sum.failed - before.failed }
    },
  }
}
