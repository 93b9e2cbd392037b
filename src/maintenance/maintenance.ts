// Reminders and expiry notices that have fallen due, seen to by a relay that is started or drained, if the options ask for them.
import type { Relay } from '../api/operations.ts'
import type { Services } from '../commit/services.ts'
import type { InternalRelay } from '../relay/relay.ts'
import { expireDue } from './expire.ts'
import { remindDue } from './remind.ts'

/** The relay whose `start` and `drain` also do maintenance, and whose `stop` waits for it. */
export function withMaintenance<Tx>(relay: InternalRelay, services: Services<Tx>): Relay {
  const { onError, relay: options } = services.settings
  let timer: NodeJS.Timeout | undefined
  let running: Promise<unknown> | null = null
  let isStopping = false

  /** One run after the other: two at once would race for the same invites. */
  async function runNext(): Promise<void> {
    while (running) await running
    const run = relay.track(maintain(services, () => isStopping))
    running = run
      .catch(() => {})
      .finally(() => {
        running = null
      })
    await run
  }

  function runUnlessRunning(): void {
    if (running === null) void relay.track(runNext().catch(error => onError(error, { where: 'relay' })))
  }

  return {
    ...relay,
    start() {
      relay.start()
      if (timer) return
      timer = setInterval(runUnlessRunning, options.poll)
      runUnlessRunning()
    },
    async stop() {
      isStopping = true
      clearInterval(timer)
      timer = undefined
      await relay.stop().finally(() => {
        isStopping = false
      })
    },
    /** What maintenance commits is delivered by the same drain. An error of it is thrown once the rest is delivered. */
    async drain() {
      const [maintained] = await Promise.allSettled([runNext()])
      const counts = await relay.drain()
      if (maintained.status === 'rejected') throw maintained.reason
      return counts
    },
  }
}

/** Costs one indexed query for each of the two options that is on, and nothing where both are off. Ends early when `isOver`. */
async function maintain<Tx>(services: Services<Tx>, isOver: () => boolean): Promise<void> {
  const { reminders, expiryNotices, relay } = services.settings
  const run = { batch: relay.batch, deferDelivery: true, isOver }
  if (hasReminders(reminders)) await remindDue(services, run)
  if (expiryNotices !== null) await expireDue(services, run)
}

export const hasReminders = ({ after, before }: Services['settings']['reminders']): boolean => after.length + before.length > 0
