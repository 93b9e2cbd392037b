// The relay, the only door out: takes over what was committed here, and looks for what is due.
import type { Relay } from '../api/operations.ts'
import type { Handoff } from '../commit/changes.ts'
import { createInFlight } from '../concurrency/in-flight.ts'
import type { Settings } from '../options/settings.ts'
import { checked, text } from '../validation/validators.ts'
import { graceMs } from './attempt-deadline.ts'
import type { Parts } from './deliver.ts'
import { createDispatch } from './dispatch.ts'
import { type Counts, createDrainCounts } from './drain-counts.ts'
import { ownMessage } from './held-message.ts'
import { createPoller } from './poller.ts'

export interface InternalRelay extends Relay {
  /** Takes over what this process has just committed. */
  readonly deliver: (holding: Handoff) => Promise<unknown>
  /** Messages were left for whoever looks: now, or in a host's transaction that may commit soon. */
  readonly nudge: (when: 'now' | 'soon') => void
}

export interface RelayParts extends Parts {
  /** Sees to what has fallen due by itself, until it is done or `isOver`. */
  readonly maintain: (isOver: () => boolean) => Promise<void>
}

/** Milliseconds after a joined call at which its transaction may have committed. */
const joinedPollsMs = [50, 500, 2000]

export function createRelay<Tx>(settings: Settings<Tx>, parts: RelayParts): InternalRelay {
  const { storage, relay, onError } = settings
  const { outbox } = storage
  const time = () => settings.clock?.() ?? null
  const { track: awaited, idle } = createInFlight()
  const { count, failed, during } = createDrainCounts(error => onError(error, { where: 'relay' }))
  const dispatch = createDispatch(settings, parts, () => pump.slotFreed())
  const pump = createPoller({
    outbox,
    newId: parts.newId,
    now: time,
    lease: relay.lease,
    batch: relay.batch,
    limiters: dispatch.limiters,
    giveBack: dispatch.giveBack,
    failed,
    begin(held, checked, since) {
      dispatch.noteLeased(held, checked, since)
      return awaited(dispatch.deliverAll([held]).then(count, failed))
    },
  })
  const timers = new Map<number, NodeJS.Timeout>()
  let polling: { readonly timer: NodeJS.Timeout; readonly end: (() => Promise<void>) | undefined } | undefined

  /** Never rejects. */
  const track = (work: Promise<unknown>, where: string) => awaited(work.catch(error => void onError(error, { where })))

  function deliver({ messages, lease: { owner, ms }, since }: Handoff): Promise<unknown> {
    const held = messages.map(message => ownMessage(message, owner, since + ms))
    return track(dispatch.deliverAll(held), 'delivery')
  }

  const look = () => void awaited(pump.poll())
  let keeping: Promise<unknown> | null = null
  let isStopping = false

  /** One after another, or several would race for the same. */
  async function keepUp(): Promise<void> {
    while (keeping) await keeping
    const own = awaited(parts.maintain(() => isStopping))
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
    for (const ms of joinedPollsMs.filter(each => !timers.has(each))) {
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
    const halted = pump.pause()
    const end = setTimeout(dispatch.deadlines.end, graceMs)
    for (const { takeOut } of dispatch.limiters.values()) takeOut(() => true)
    try {
      await Promise.all([ended, halted])
      await idle()
    } finally {
      clearTimeout(end)
      dispatch.deadlines.resume()
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
        await pump.poll()
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

  const enable = async (name: string) => storage.disabledSinks.enable(checked(text(255), name, 'name'))

  return { deliver, nudge, start, stop, drain, lag, redeliver, enable }
}
