// Counts how leased messages ended. `drain` answers the counts of its own time, and throws what went wrong meanwhile; what goes
// wrong while nobody drains is reported to the host.
import type { AttemptResult } from './settle.ts'

export interface Counts {
  readonly delivered: number
  readonly failed: number
}

export interface DrainCounts {
  count(results: readonly AttemptResult[]): void
  failed(error: unknown): void
  /** Counts what ends while the work goes on, and throws the first error of that time. */
  during(work: (isFine: () => boolean) => Promise<void>): Promise<Counts>
}

export function createDrainCounts(onError: (error: unknown) => void): DrainCounts {
  const sum = { delivered: 0, failed: 0 }
  /** The errors of each drain that goes on. */
  const drains = new Set<unknown[]>()
  return {
    count(results) {
      sum.delivered += results.filter(each => each === 'delivered').length
      sum.failed += results.filter(each => each === 'failed').length
    },
    failed(error) {
      for (const errors of drains) errors.push(error)
      if (drains.size === 0) onError(error)
    },
    async during(work) {
      const before = { ...sum }
      const errors: unknown[] = []
      drains.add(errors)
      await work(() => errors.length === 0).finally(() => drains.delete(errors))
      if (errors.length > 0) throw errors[0]
      return { delivered: sum.delivered - before.delivered, failed: sum.failed - before.failed }
    },
  }
}
