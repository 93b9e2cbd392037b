// The way of a held message: through its target's lane, handed over, settled; then the messages that this brought along.

import { createBatcher } from '../concurrency/batcher.ts'
import { createSharedLock } from '../concurrency/shared-lock.ts'
import type { Settings } from '../options/settings.ts'
import type { Checked, Hold } from '../ports/storage/outbox.ts'
import { type AttemptDeadlines, createAttemptDeadlines } from './attempt-deadline.ts'
import { createDeliver, type Parts, type Unsettled } from './deliver.ts'
import { type HeldMessage, latestStart } from './held-message.ts'
import { createLeaseChecks } from './lease-checks.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { createSettle, type Ending, type Handed, type Settlements } from './settle.ts'

interface HandedOver {
  readonly end: Ending | Unsettled
  /** Lets others begin that may not while this one is under way. */
  readonly release: () => void
}

type MessageLimiter = Limiter<HeldMessage, HandedOver>

export interface Dispatch {
  /** By target. */
  readonly limiters: ReadonlyMap<string, MessageLimiter>
  readonly deadlines: AttemptDeadlines
  /** What a lease has told of it need not be asked again. `since` is `performance.now()` before the lease. */
  noteLeased(held: HeldMessage, checked: Checked, since: number): void
  /** Settles when the last of them has ended, whatever fails. */
  deliverAll(held: readonly HeldMessage[]): Promise<readonly Handed[]>
  /** Those that are not begun: free again, the try not counted. */
  giveBack(held: readonly HeldMessage[]): Promise<unknown>
}

/** For a sink: endpoints that give no answer should not fill it soon. */
const sinkPace = { maxInFlight: 64 }

/** `ended` is called whenever a lane has one less. */
export function createDispatch<Tx>(settings: Settings<Tx>, parts: Parts, ended: () => void): Dispatch {
  const { transports, relay } = settings
  const { outbox } = settings.storage
  const { newId, listeners } = parts
  const sinks = settings.sinks.map(({ name }) => name)
  const lanes = new Map<string, MessageLimiter>()
  const knowledge = createLeaseChecks(outbox.check)
  const tries = createAttemptDeadlines()
  const handOne = createDeliver(settings, { ...parts, leaseChecks: knowledge, deadlines: tries })
  const lock = createSharedLock()
  const latest = (held: HeldMessage) => latestStart(held, relay.lease)
  const seriesOf = ({ series }: HeldMessage) => series
  const settle = createSettle({
    outbox,
    newId,
    targetsOf: type => (listeners.hears(type) ? ['on', ...sinks] : sinks),
    lease: relay.lease,
    isBusy: () => [...lanes.values()].some(({ size }) => size() > 0),
  })
  const release = createBatcher(async (holds: readonly Hold[]) => {
    await outbox.release(holds)
    return holds.map(() => null)
  })

  /** What lapsed may have ended its process, so it is tried with nothing else under way. */
  async function handOver(held: HeldMessage, behind: () => readonly HeldMessage[]): Promise<HandedOver> {
    const release = await lock(held.lapsed)
    try {
      return { end: await handOne(held, behind), release }
    } catch (error) {
      release()
      throw error
    }
  }

  function laneOf(target: string): MessageLimiter {
    const lane =
      lanes.get(target) ??
      createLimiter(transports.get(target) ?? sinkPace, { deliver: handOver, seriesOf, latest, slotFreed: ended })
    lanes.set(target, lane)
    return lane
  }

  async function runOne(held: HeldMessage): Promise<readonly Handed[]> {
    const handed = await laneOf(held.target).add(held)
    const { result, next } = await settledOrFreed(held, handed?.end ?? 'late').finally(handed?.release)
    return next.length === 0 ? [result] : [result, ...(await run(next))]
  }

  async function settledOrFreed(held: HeldMessage, end: Ending | Unsettled): Promise<Settlements> {
    if (end !== 'lost' && end !== 'late') return settle(held, end)
    if (end === 'late') await release(held)
    return { result: 'skipped', next: [] }
  }

  const isBegunAtOnce = ({ target }: HeldMessage) => laneOf(target).size() === 0 && (target !== 'on' || listeners.hears())

  async function run(held: readonly HeldMessage[]): Promise<readonly Handed[]> {
    knowledge.all(held.filter(isBegunAtOnce))
    const all = held.map(runOne)
    await Promise.allSettled(all)
    return (await Promise.all(all)).flat()
  }

  return {
    limiters: lanes,
    deadlines: tries,
    noteLeased: knowledge.note,
    deliverAll: run,
    giveBack: held => Promise.all(held.map(release)),
  }
}
