// The relay, the only door out: takes over what was committed here, and looks for what is due.
import type { Relay } from './calls/running.ts'
import { quietly } from './failure.ts'
import { createHandover, type Handed, type Held, type Parts } from './handover.ts'
import type { Settings } from './settings.ts'
import { createThrottle } from './throttle.ts'
import type { Holding } from './transact.ts'

export interface RelayWithDoor extends Relay {
  /** Takes over what this process has just committed. */
  readonly deliver: (holding: Holding) => Promise<unknown>
  /** A host's transaction holds messages: looks for them a little later. */
  readonly nudge: () => void
}

/** Milliseconds after a joined call at which its transaction may have committed. */
const later = [50, 500, 2000]

export function createRelay<Tx>(settings: Settings<Tx>, parts: Parts): RelayWithDoor {
  const { storage, transports, relay } = settings
  const onError = quietly(settings.onError)
  const { newId } = parts
  const handOver = createHandover(settings, parts)
  const throttles = new Map([...transports].map(([channel, transport]) => [channel, createThrottle(transport)]))
  const others = new Map<string, ReturnType<typeof createThrottle>>()
  const underWay = new Set<Promise<unknown>>()
  const timers = new Map<number, NodeJS.Timeout>()
  let polling: { timer: NodeJS.Timeout } | undefined
  let isHalting = false

  /** Never rejects. */
  function track<T>(work: Promise<T>, where: string): Promise<T | undefined> {
    return awaited(work.catch(error => void onError(error, { where })))
  }

  /** Keeps `stop` and `drain` waiting for it. */
  function awaited<T>(work: Promise<T>): Promise<T> {
    const quiet = work.catch(() => {})
    underWay.add(quiet)
    void quiet.finally(() => underWay.delete(quiet))
    return work
  }

  function deliver({ messages, lease, since }: Holding): Promise<unknown> {
    const until = since + lease.ms
    return track(handOverAll(messages.map(({ id, target }) => ({ id, target, owner: lease.owner, until }))), 'delivery')
  }

  /** Each target at its own pace: a slow webhook holds up no mail. Ends when the last of them has, whatever fails. */
  async function handOverAll(held: readonly Held[]): Promise<readonly Handed[]> {
    const all = held.map(async each => {
      const { result, next } = await paceOf(each.target)(() => handOver(each))
      return [result, ...(await handOverAll(next))]
    })
    await Promise.allSettled(all)
    return (await Promise.all(all)).flat()
  }

  function paceOf(target: string) {
    const pace = throttles.get(target) ?? others.get(target) ?? createThrottle({ maxInFlight: 64 })
    if (!throttles.has(target)) others.set(target, pace)
    return pace
  }

  /** Leases and delivers until nothing is due. */
  async function pump(): Promise<{ delivered: number; failed: number }> {
    const sum = { delivered: 0, failed: 0 }
    while (!isHalting) {
      const owner = newId()
      const until = performance.now() + relay.lease
      const lease = { owner, ms: relay.lease }
      const leased = await storage.outbox.lease(lease, { limit: relay.batch, now: settings.clock?.() ?? null })
      if (leased.length === 0) break
      const handed = await handOverAll(leased.map(({ id, target }) => ({ id, target, owner, until })))
      sum.delivered += handed.filter(each => each === 'delivered').length
      sum.failed += handed.filter(each => each === 'failed').length
    }
    return sum
  }

  function nudge(): void {
    if (relay.inline === false) return
    for (const ms of later.filter(each => !timers.has(each))) {
      const timer = setTimeout(() => {
        timers.delete(ms)
        void track(pump(), 'relay')
      }, ms)
      timer.unref()
      timers.set(ms, timer)
    }
  }

  function start(): void {
    if (polling) return
    const poll = async () => {
      await track(pump(), 'relay')
      // Stopped and started again meanwhile, another one polls.
      if (polling === own) own.timer = setTimeout(poll, relay.poll)
    }
    const own = { timer: setTimeout(poll, 0) }
    polling = own
  }

  async function stop(): Promise<void> {
    clearTimeout(polling?.timer)
    polling = undefined
    for (const timer of timers.values()) clearTimeout(timer)
    timers.clear()
    isHalting = true
    while (underWay.size > 0) await Promise.all(underWay)
    isHalting = false
  }

  async function drain(): Promise<{ delivered: number; failed: number }> {
    const sum = await awaited(pump())
    while (underWay.size > 0) await Promise.all(underWay)
    return sum
  }

  async function lag(): Promise<number> {
    const next = await storage.outbox.next()
    return next === null ? 0 : Math.max(0, (settings.clock?.() ?? new Date()).getTime() - next.dueAt.getTime())
  }

  const redeliver = (id: string) => storage.outbox.redeliver(id, settings.clock?.() ?? null)

  return { deliver, nudge, start, stop, drain, lag, redeliver }
}
