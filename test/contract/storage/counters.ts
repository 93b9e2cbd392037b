// Counters in fixed windows of time: exact under parallel hits, and new after each window.
import { describe, expect, test } from 'vitest'
import { unique } from '../../support/make.ts'
import type { Subject } from './subject.ts'

const minute = 60_000
/** The beginning of a minute: a window may be aligned to the clock or begin with its first hit. */
const start = new Date('2024-05-06T12:00:00.000Z')
const later = (ms: number) => new Date(start.getTime() + ms)

export function counters<Tx>(subject: () => Subject<Tx>): void {
  describe('counters', () => {
    test('each hit in a window counts one more, and tells when the window ends', async () => {
      const { storage } = subject()
      const counter = unique('counter "x" 🦊')
      expect(await storage.incrementCounter(counter, minute, start)).toEqual({ count: 1, resetsAt: later(minute) })
      expect(await storage.incrementCounter(counter, minute, later(1))).toEqual({ count: 2, resetsAt: later(minute) })
      expect(await storage.incrementCounter(counter, minute, later(minute - 1))).toEqual({ count: 3, resetsAt: later(minute) })
    })

    test('at its end the count begins anew', async () => {
      const { storage } = subject()
      const counter = unique('counter')
      await storage.incrementCounter(counter, minute, start)
      await storage.incrementCounter(counter, minute, start)
      expect(await storage.incrementCounter(counter, minute, later(minute))).toEqual({ count: 1, resetsAt: later(2 * minute) })
      expect((await storage.incrementCounter(counter, minute, later(minute + 1))).count).toBe(2)
    })

    test('a hit can be taken back, and a count is never below 0', async () => {
      const { storage } = subject()
      const counter = unique('counter')
      await storage.incrementCounter(counter, minute, start)
      await storage.incrementCounter(counter, minute, start)
      expect(await storage.incrementCounter(counter, minute, later(1), -1)).toEqual({ count: 1, resetsAt: later(minute) })
      await storage.incrementCounter(counter, minute, later(2), -1)
      expect(await storage.incrementCounter(counter, minute, later(3), -1)).toEqual({ count: 0, resetsAt: later(minute) })
      expect((await storage.incrementCounter(unique('new counter'), minute, start, -1)).count).toBe(0)
    })

    test('counters do not meet', async () => {
      const { storage } = subject()
      const [one, two] = [unique('counter'), unique('counter')]
      await storage.incrementCounter(one, minute, start)
      expect((await storage.incrementCounter(two, minute, start)).count).toBe(1)
    })

    test('without a time, the storage’s own clock decides', async () => {
      const { count, resetsAt } = await subject().storage.incrementCounter(unique('counter'), minute, null)
      expect(count).toBe(1)
      expect(resetsAt.getTime()).toBeGreaterThan(Date.now() - minute)
      expect(resetsAt.getTime()).toBeLessThanOrEqual(Date.now() + 2 * minute)
    })

    test('32 hits at once are 32', async () => {
      const { storage } = subject()
      const counter = unique('counter')
      const hits = await Promise.all([...Array(32)].map(() => storage.incrementCounter(counter, minute, start)))
      expect(hits.map(({ count }) => count).sort((a, b) => a - b)).toEqual([...Array(32)].map((_, i) => i + 1))
    })
  })
}
