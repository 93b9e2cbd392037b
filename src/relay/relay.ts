// The relay: delivers what this process has committed, at once, and what is due in the outbox, by polling or when woken.
import type { Relay } from '../api/operations.ts'
import type { Handoff } from '../commit/changes.ts'
import { createInFlight } from '../concurrency/in-flight.ts'
import type { Settings } from '../options/settings.ts'
import { checked, text } from '../validation/validators.ts'
import { createAttemptDeadlines, graceMs } from './attempt-deadline.ts'
import type { DeliveryParts } from './deliver.ts'
import { createDispatch } from './dispatch.ts'
import { type Counts, createDrainCounts } from './drain-counts.ts'
import { ownMessage } from './held-message.ts'
import { createLimiters } from './limiter.ts'
import { createPoller } from './poller.ts'
import type { CreatePrefetch } from './prefetch.ts'

export interface InternalRelay extends Relay {
  /** Delivers what this process has just committed. */
  readonly deliver: (committed: Handoff) => Promise<unknown>
  /** Messages were left for whichever relay comes first: due now, or in a host's transaction that may commit soon. */
  readonly nudge: (when: 'now' | 'soon') => void
  /** Keeps `stop` and `drain` waiting for the work, however it ends. */
  readonly track: <T>(work: Promise<T>) => Promise<T>
}

export interface RelayParts extends DeliveryParts {
  /** How much to lease ahead. Default: `createPrefetch`. */
  readonly prefetch?: CreatePrefetch | undefined
}

/** Milliseconds after a call in a host's transaction at which that transaction may have committed. */
const joinedPollsMs = [50, 500, 2000]

export function createRelay<Tx>(settings: Settings<Tx>, { listeners, newId, prefetch }: RelayParts): InternalRelay {
  const { storage, relay, onError } = settings
  const { outbox } = storage
  const now = () => settings.clock?.() ?? null
  const report = (error: unknown) => onError(error, { where: 'relay' })
  const { track, idle } = createInFlight()
  const { count, failed, during } = createDrainCounts(report)
  const limiters = createLimiters(settings)
  const deadlines = createAttemptDeadlines()
  const dispatch = createDispatch(settings, { listeners, newId, limiters, deadlines })
  const poller = createPoller({
    outbox,
    newId,
    now,
    lease: relay.lease,
    batch: relay.batch,
    limiters,
    prefetch,
    deliver: (message, check, since) => track(dispatch.deliverLeased(message, check, since).then(count, failed)),
    release: dispatch.release,
    failed,
  })
  const joinedPolls = new Map<number, NodeJS.Timeout>()
  let polling: { readonly timer: NodeJS.Timeout; readonly endListen: (() => Promise<void>) | undefined } | undefined

  function deliver({ messages, lease: { owner, ms }, since }: Handoff): Promise<unknown> {
    const held = messages.map(message => ownMessage(message, owner, since + ms))
    return track(dispatch.deliverAll(held).catch(error => onError(error, { where: 'delivery' })))
  }

  const poll = () => void track(poller.poll())

  /** The relay of this process, if it is started, and those of the others. */
  function wake(): void {
    if (polling) poll()
    if (outbox.wake) void track(outbox.wake().catch(report))
  }

  function nudge(when: 'now' | 'soon'): void {
    if (when === 'now') wake()
    else pollLater()
  }

  function pollLater(): void {
    for (const ms of joinedPollsMs.filter(each => !joinedPolls.has(each))) {
      const timer = setTimeout(() => {
        joinedPolls.delete(ms)
        relay.inline === false ? wake() : poll()
      }, ms)
      timer.unref()
      joinedPolls.set(ms, timer)
    }
  }

  function start(): void {
    if (polling) return
    polling = { timer: setInterval(poll, relay.poll), endListen: outbox.listen?.({ heard: poll, failed: report }) }
    poll()
  }

  async function stop(): Promise<void> {
    clearInterval(polling?.timer)
    const listenEnded = polling?.endListen?.()
    polling = undefined
    for (const timer of joinedPolls.values()) clearTimeout(timer)
    joinedPolls.clear()
    const paused = poller.pause()
    const graceTimer = setTimeout(deadlines.end, graceMs)
    for (const { clearQueue } of limiters.byTarget.values()) clearQueue()
    try {
      await Promise.all([listenEnded, paused])
      await idle()
    } finally {
      clearTimeout(graceTimer)
      deadlines.resume()
      poller.resume()
    }
  }

  /** Until a poll leases nothing more and all is settled: a settlement can make further messages due. */
  async function drain(): Promise<Counts> {
    return during(async isFine => {
      for (let leased = -1; leased !== poller.leased() && isFine(); ) {
        leased = poller.leased()
        await poller.poll()
        await idle()
      }
    })
  }

  async function lag(): Promise<number> {
    const next = await outbox.next()
    return next === null ? 0 : Math.max(0, (now() ?? new Date()).getTime() - next.dueAt.getTime())
  }

  async function redeliver(id: string): Promise<boolean> {
    const isDue = await outbox.redeliver(checked(text(255), id, 'id'), now())
    if (isDue) wake()
    return isDue
  }

  const enable = async (name: string) => storage.disabledSinks.enable(checked(text(255), name, 'name'))

  return { deliver, nudge, track, start, stop, drain, lag, redeliver, enable }
}
