// Delivers messages that this process holds: each waits for its target's limiter, is sent and settled; then the event messages
// that its settlement created are delivered in the same way.

import { createBatcher } from '../concurrency/batcher.ts'
import { createSharedLock } from '../concurrency/shared-lock.ts'
import type { Settings } from '../options/settings.ts'
import type { Checked, Hold } from '../ports/storage/outbox.ts'
import type { AttemptDeadlines } from './attempt-deadline.ts'
import { type Attempt, createDeliver, type DeliveryParts } from './deliver.ts'
import type { HeldMessage } from './held-message.ts'
import { createLeaseChecks } from './lease-checks.ts'
import type { Limiters } from './limiter.ts'
import { type AttemptResult, createSettle, type SettledAttempt } from './settle.ts'

export interface Dispatch {
  /** Settles when the last message has ended, even if another one fails; then rejects with the first error. */
  deliverAll(messages: readonly HeldMessage[]): Promise<readonly AttemptResult[]>
  /** Delivers a message that was just leased. `since` is `performance.now()` before the lease, which counts as a lease check. */
  deliverLeased(message: HeldMessage, checked: Checked, since: number): Promise<readonly AttemptResult[]>
  /** Ends the lease of messages that were not begun: they are due again at once, and the try is not counted. */
  release(messages: readonly HeldMessage[]): Promise<unknown>
}

interface DispatchParts extends DeliveryParts {
  readonly limiters: Limiters
  readonly deadlines: AttemptDeadlines
}

export function createDispatch<Tx>(settings: Settings<Tx>, parts: DispatchParts): Dispatch {
  const { outbox } = settings.storage
  const { newId, listeners, limiters, deadlines } = parts
  const sinks = settings.sinks.map(({ name }) => name)
  const leaseChecks = createLeaseChecks(outbox.check)
  const deliver = createDeliver(settings, { listeners, newId, leaseChecks, deadlines })
  const lock = createSharedLock()
  const settle = createSettle({
    outbox,
    newId,
    targetsOf: type => (listeners.hears(type) ? ['on', ...sinks] : sinks),
    lease: settings.relay.lease,
    isBusy: () => [...limiters.byTarget.values()].some(({ size }) => size() > 0),
  })
  const release = createBatcher(async (holds: readonly Hold[]) => {
    await outbox.release(holds)
    return holds.map(() => null)
  })

  async function deliverOne(message: HeldMessage): Promise<readonly AttemptResult[]> {
    const limiter = limiters.of(message.target)
    const locked = await limiter.run(message, () => deliverLocked(message, limiter.next))
    const { result, next } = await settleOrRelease(message, locked?.attempt ?? 'late').finally(locked?.unlock)
    return next.length === 0 ? [result] : [result, ...(await deliverAll(next))]
  }

  /**
   * A message whose last lease expired unsettled may have ended its process. It is sent and settled with nothing else under
   * way, so that it takes no other message with it. `unlock` is to be called once the attempt is settled.
   */
  async function deliverLocked(message: HeldMessage, next: () => readonly HeldMessage[]) {
    const unlock = await lock(message.lapsed)
    try {
      return { attempt: await deliver(message, next), unlock }
    } catch (error) {
      unlock()
      throw error
    }
  }

  async function settleOrRelease(message: HeldMessage, attempt: Attempt): Promise<SettledAttempt> {
    if (attempt !== 'lost' && attempt !== 'late') return settle(message, attempt)
    if (attempt === 'late') await release(message)
    return { result: 'skipped', next: [] }
  }

  const startsAtOnce = ({ target }: HeldMessage) => limiters.of(target).size() === 0 && (target !== 'on' || listeners.hears())

  async function deliverAll(messages: readonly HeldMessage[]): Promise<readonly AttemptResult[]> {
    leaseChecks.refresh(messages.filter(startsAtOnce))
    const all = messages.map(deliverOne)
    await Promise.allSettled(all)
    return (await Promise.all(all)).flat()
  }

  return {
    deliverAll,
    deliverLeased(message, checked, since) {
      leaseChecks.put(message, checked, since)
      return deliverAll([message])
    },
    release: messages => Promise.all(messages.map(release)),
  }
}
