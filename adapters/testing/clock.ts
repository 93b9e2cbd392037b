// A clock for tests: its time changes only by `advance` and `set`.
import type { Duration } from '../../src/index.ts'
import { toMilliseconds } from '../../src/index.ts'

export interface TestClock {
  readonly now: () => Date
  /** By milliseconds, or by a text such as `'8d'`. */
  readonly advance: (by: Duration) => void
  readonly set: (to: Date) => void
}

export function createClock(start: Date): TestClock {
  let time = start.getTime()
  return {
    now: () => new Date(time),
    advance(by) {
      const ms = toMilliseconds(by)
      if (ms === null) throw new TypeError(`invitekit: ${JSON.stringify(by)} is no duration such as '8d'.`)
      time += ms
    },
    set(to) {
      time = to.getTime()
    },
  }
}
