// Limits for each transport and sink: how many messages are sent at once, and how many are begun in a second. The others wait
// in the queue of their target, so that a slow target holds up no other.
import type { Settings } from '../options/settings.ts'
import { type HeldMessage, latestStart } from './held-message.ts'

export interface Pace {
  readonly maxInFlight?: number | undefined
  readonly perSecond?: number | undefined
}

export interface LimiterParts<Item> {
  /** Items of one series run one after the other, in order of arrival. Null: the item belongs to none. */
  readonly seriesOf: (item: Item) => string | null
  /** `performance.now()` until which it may be started; it leaves the queue then. */
  readonly latest: (item: Item) => number
  /** Called when an item has ended. */
  readonly slotFreed: () => void
}

export interface Limiter<Item> {
  /** Runs `work` when it is this item's turn, in order of arrival. Null when the item left the queue before its turn. */
  run<Result>(item: Item, work: () => Promise<Result>): Promise<Result | null>
  /** The items that will start next: three times as many as may run at once. */
  readonly next: () => readonly Item[]
  /** Takes every waiting item out of the queue; those that run are left alone. */
  clearQueue(): void
  /** How many items run or wait. */
  readonly size: () => number
  readonly maxInFlight: number
}

interface Waiting<Item> {
  readonly item: Item
  readonly start: () => Promise<void>
  readonly cancel: () => void
}

export function createLimiter<Item>(
  { maxInFlight = 5, perSecond }: Pace,
  { seriesOf, latest, slotFreed }: LimiterParts<Item>,
): Limiter<Item> {
  let queue: Waiting<Item>[] = []
  let running = 0
  const runningSeries = new Set<string>()
  let nextStart = 0
  let paceTimer: NodeJS.Timeout | undefined
  let expiryTimer: NodeJS.Timeout | undefined

  function startNext(): void {
    while (running < maxInFlight) {
      const first = queue.findIndex(({ item }) => !runningSeries.has(seriesOf(item) ?? ''))
      if (first === -1) break
      if (perSecond !== undefined && !mayStartNow(perSecond)) return
      for (const { start } of queue.splice(first, 1)) void start()
    }
    if (queue.length === 0) clearTimers()
  }

  function mayStartNow(perSecond: number): boolean {
    const now = performance.now()
    if (now >= nextStart) {
      nextStart = now + 1000 / perSecond
      return true
    }
    paceTimer ??= setTimeout(() => {
      paceTimer = undefined
      startNext()
    }, nextStart - now)
    return false
  }

  async function settleInSlot<Result>(item: Item, work: () => Promise<Result>): Promise<PromiseSettledResult<Result>> {
    const series = seriesOf(item)
    running += 1
    if (series !== null) runningSeries.add(series)
    const [end] = await Promise.allSettled([work()])
    running -= 1
    if (series !== null) runningSeries.delete(series)
    // Before the caller hears of the end: whoever then asks for `size` must count the item that starts in its place.
    startNext()
    slotFreed()
    return end
  }

  function takeOut(isWanted: (item: Item) => boolean): void {
    const out = queue.filter(({ item }) => isWanted(item))
    queue = queue.filter(({ item }) => !isWanted(item))
    if (queue.length === 0) clearTimers()
    for (const { cancel } of out) cancel()
  }

  /** A timer that is left behind would keep the process from ending. */
  function clearTimers(): void {
    clearTimeout(paceTimer)
    clearTimeout(expiryTimer)
    paceTimer = undefined
    expiryTimer = undefined
  }

  /** Takes out of the queue what can no longer be started, while its lease is still long enough to release it. */
  function watchExpiry(): void {
    const [first] = queue
    if (expiryTimer !== undefined || !first) return
    expiryTimer = setTimeout(() => {
      expiryTimer = undefined
      takeOut(item => latest(item) <= performance.now())
      watchExpiry()
    }, latest(first.item) - performance.now())
    expiryTimer.unref()
  }

  return {
    maxInFlight,
    size: () => running + queue.length,
    next: () => queue.slice(0, maxInFlight * 3).map(({ item }) => item),
    run: (item, work) =>
      new Promise((resolve, reject) => {
        const start = async () => {
          const end = await settleInSlot(item, work)
          if (end.status === 'fulfilled') resolve(end.value)
          else reject(end.reason)
        }
        queue.push({ item, start, cancel: () => resolve(null) })
        startNext()
        watchExpiry()
      }),
    clearQueue: () => takeOut(() => true),
  }
}

export interface Limiters {
  /** Made when a target is first used. */
  of(target: string): Limiter<HeldMessage>
  readonly byTarget: ReadonlyMap<string, Limiter<HeldMessage>>
  /** Calls the listener whenever a message of any target has ended. */
  onSlotFreed(listener: () => void): void
}

/** Sinks have no pace of their own. So many, because endpoints that give no answer should not soon hold up the others. */
const sinkPace = { maxInFlight: 64 }

export function createLimiters<Tx>({ transports, relay }: Settings<Tx>): Limiters {
  const byTarget = new Map<string, Limiter<HeldMessage>>()
  const listeners: (() => void)[] = []
  const parts: LimiterParts<HeldMessage> = {
    seriesOf: ({ series }) => series,
    latest: message => latestStart(message, relay.lease),
    slotFreed() {
      for (const listener of listeners) listener()
    },
  }
  return {
    of(target) {
      const limiter = byTarget.get(target) ?? createLimiter(transports.get(target) ?? sinkPace, parts)
      byTarget.set(target, limiter)
      return limiter
    },
    byTarget,
    onSlotFreed: listener => void listeners.push(listener),
  }
}
