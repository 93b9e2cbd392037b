// The relay, the only door out: takes over what was committed here, and looks for what is due.
import type { Relay } from '../api/operations.ts'
import type { Holding } from '../commit/handoff.ts'
import { createUnderWay } from '../concurrency/in-flight.ts'
import type { Settings } from '../options/settings.ts'
import { checked, text } from '../validation/validators.ts'
import { grace } from './attempt-deadline.ts'
import type { Parts } from './deliver.ts'
import { createDispatch } from './dispatch.ts'
import { type Counts, createTally } from './drain-counts.ts'
import { ownOf } from './held-message.ts'
import { createPump } from './poller.ts'

export interface RelayWithDoor extends Relay {
  /** Takes over what this process has just committed. */
  readonly deliver: (holding: Holding) => Promise<unknown>
  /** Messages were left for whoever looks: now, or in a host's transaction that may commit soon. */
  readonly nudge: (when: 'now' | 'soon') => void
}

export interface RelayParts extends Parts {
  /** Sees to what has fallen due by itself, until it is done or `isOver`. */
  readonly upkeep: (isOver: () => boolean) => Promise<void>
}

/** Milliseconds after a joined call at which its transaction may have committed. */
const later = [50, 500, 2000]

export function createRelay<Tx>(settings: Settings<Tx>, parts: RelayParts): RelayWithDoor {
  const { storage, relay, onError } = settings
  const { outbox } = storage
  const time = () => settings.clock?.() ?? null
  const { awaited, idle } = createUnderWay()
  const { count, failed, during } = createTally(error => onError(error, { where: 'relay' }))
  const dispatch = createDispatch(settings, parts, () => pump.ended())
  const pump = createPump({
    outbox,
    newId: parts.newId,
    now: time,
    lease: relay.lease,
    batch: relay.batch,
    lanes: dispatch.lanes,
    giveBack: dispatch.giveBack,
    failed,
    begin(held, checked, since) {
      dispatch.note(held, checked, since)
      return awaited(dispatch.run([held]).then(count, failed))
    },
  })
  const timers = new Map<number, NodeJS.Timeout>()
  let polling: { readonly timer: NodeJS.Timeout; readonly end: (() => Promise<void>) | undefined } | undefined

  /** Never rejects. */
  const track = (work: Promise<unknown>, where: string) => awaited(work.catch(error => void onError(error, { where })))

  function deliver({ messages, lease: { owner, ms }, since }: Holding): Promise<unknown> {
    const held = messages.map(message => ownOf(message, owner, since + ms))
    return track(dispatch.run(held), 'delivery')
  }

  const look = () => void awaited(pump.look())
  let keeping: Promise<unknown> | null = null
  let isStopping = false

  /** One after another, or several would race for the same. */
  async function keepUp(): Promise<void> {
    while (keeping) await keeping
    const own = awaited(parts.upkeep(() => isStopping))
    keeping = own
      .catch(() => {})
      .finally(() => {
        keeping = null
      })
    await own
  }

  /** This process's relay and the others'. */
  function wake(): void {
    if (polling) look()
    if (outbox.wake) void track(outbox.wake(), 'relay')
  }

  function nudge(when: 'now' | 'soon'): void {
    if (when === 'now') wake()
    else lookLater()
  }

  function lookLater(): void {
    for (const ms of later.filter(each => !timers.has(each))) {
      const timer = setTimeout(() => {
        timers.delete(ms)
        relay.inline === false ? wake() : look()
      }, ms)
      timer.unref()
      timers.set(ms, timer)
    }
  }

  function start(): void {
    if (polling) return
    const tell = (error: unknown) => onError(error, { where: 'relay' })
    const poll = () => {
      look()
      if (keeping === null) void track(keepUp(), 'relay')
    }
    polling = { timer: setInterval(poll, relay.poll), end: outbox.listen?.({ heard: look, failed: tell }) }
    poll()
  }

  async function stop(): Promise<void> {
    isStopping = true
    clearInterval(polling?.timer)
    const ended = polling?.end?.()
    polling = undefined
    for (const timer of timers.values()) clearTimeout(timer)
    timers.clear()
    const halted = pump.halt()
    const end = setTimeout(dispatch.tries.end, grace)
    for (const { takeOut } of dispatch.lanes.values()) takeOut(() => true)
    try {
      await Promise.all([ended, halted])
      await idle()
    } finally {
      clearTimeout(end)
      dispatch.tries.resume()
      pump.resume()
      isStopping = false
    }
  }

  async function drain(): Promise<Counts> {
    const faults: unknown[] = []
    await keepUp().catch(error => void faults.push(error))
    const counts = await during(async isFine => {
      for (let leased = -1; leased !== pump.leased() && isFine(); ) {
        leased = pump.leased()
        await pump.look()
        await idle()
      }
    })
    for (const fault of faults) throw fault
    return counts
  }

  async function lag(): Promise<number> {
    const next = await outbox.next()
    return next === null ? 0 : Math.max(0, (time() ?? new Date()).getTime() - next.dueAt.getTime())
  }

  async function redeliver(id: string): Promise<boolean> {
    const isDue = await outbox.redeliver(checked(text(255), id, 'id'), time())
    if (isDue) wake()
    return isDue
  }

  const enable = async (name: string) => storage.endpoints.enable(checked(text(255), name, 'name'))

  return { deliver, nudge, start, stop, drain, lag, redeliver, enable }
}
