// The way of a held message: through its target's lane, handed over, settled; then the messages that this brought along.

import { createGather } from '../concurrency/batcher.ts'
import { createSharedLock } from '../concurrency/shared-lock.ts'
import type { Settings } from '../options/settings.ts'
import type { Checked, Hold } from '../ports/storage/outbox.ts'
import { createTries, type Tries } from './attempt-deadline.ts'
import { createHandover, type Parts, type Unsettled } from './deliver.ts'
import { type Held, latestOf } from './held-message.ts'
import { createKnowledge } from './lease-checks.ts'
import { createLane, type Lane } from './limiter.ts'
import { createSettling, type Ending, type Handed, type Settlements } from './settle.ts'

interface HandedOver {
  readonly end: Ending | Unsettled
  /** Lets others begin that may not while this one is under way. */
  readonly release: () => void
}

type OwnLane = Lane<Held, HandedOver>

export interface Dispatch {
  /** By target. */
  readonly lanes: ReadonlyMap<string, OwnLane>
  readonly tries: Tries
  /** What a lease has told of it need not be asked again. `since` is `performance.now()` before the lease. */
  note(held: Held, checked: Checked, since: number): void
  /** Settles when the last of them has ended, whatever fails. */
  run(held: readonly Held[]): Promise<readonly Handed[]>
  /** Those that are not begun: free again, the try not counted. */
  giveBack(held: readonly Held[]): Promise<unknown>
}

/** For a sink: endpoints that give no answer should not fill it soon. */
const sinkPace = { maxInFlight: 64 }

/** `ended` is called whenever a lane has one less. */
export function createDispatch<Tx>(settings: Settings<Tx>, parts: Parts, ended: () => void): Dispatch {
  const { transports, relay } = settings
  const { outbox } = settings.storage
  const { newId, notice } = parts
  const sinks = settings.sinks.map(({ name }) => name)
  const lanes = new Map<string, OwnLane>()
  const knowledge = createKnowledge(outbox.check)
  const tries = createTries()
  const handOne = createHandover(settings, { ...parts, knowledge, tries })
  const lock = createSharedLock()
  const latest = (held: Held) => latestOf(held, relay.lease)
  const seriesOf = ({ series }: Held) => series
  const settle = createSettling({
    outbox,
    newId,
    targetsOf: type => (notice.hears(type) ? ['on', ...sinks] : sinks),
    lease: relay.lease,
    isBusy: () => [...lanes.values()].some(({ size }) => size() > 0),
  })
  const release = createGather(async (holds: readonly Hold[]) => {
    await outbox.release(holds)
    return holds.map(() => null)
  })

  /** What lapsed may have ended its process, so it is tried with nothing else under way. */
  async function handOver(held: Held, behind: () => readonly Held[]): Promise<HandedOver> {
    const release = await lock(held.lapsed)
    try {
      return { end: await handOne(held, behind), release }
    } catch (error) {
      release()
      throw error
    }
  }

  function laneOf(target: string): OwnLane {
    const lane = lanes.get(target) ?? createLane(transports.get(target) ?? sinkPace, { handOver, seriesOf, latest, ended })
    lanes.set(target, lane)
    return lane
  }

  async function runOne(held: Held): Promise<readonly Handed[]> {
    const handed = await laneOf(held.target).add(held)
    const { result, next } = await settledOrFreed(held, handed?.end ?? 'late').finally(handed?.release)
    return next.length === 0 ? [result] : [result, ...(await run(next))]
  }

  async function settledOrFreed(held: Held, end: Ending | Unsettled): Promise<Settlements> {
    if (end !== 'lost' && end !== 'late') return settle(held, end)
    if (end === 'late') await release(held)
    return { result: 'skipped', next: [] }
  }

  const isBegunAtOnce = ({ target }: Held) => laneOf(target).size() === 0 && (target !== 'on' || notice.hears())

  async function run(held: readonly Held[]): Promise<readonly Handed[]> {
    knowledge.all(held.filter(isBegunAtOnce))
    const all = held.map(runOne)
    await Promise.allSettled(all)
    return (await Promise.all(all)).flat()
  }

  return { lanes, tries, note: knowledge.note, run, giveBack: held => Promise.all(held.map(release)) }
}
