// Looks for what is due and leases it ahead of the lanes: they are kept busy, and none of them keeps another waiting.
import type { Checked, Outbox } from '../ports/storage/outbox.ts'
import { type HeldMessage, heldMessage } from './held-message.ts'
import { freshForMs } from './lease-checks.ts'
import type { Limiter } from './limiter.ts'
import { createPrefetch } from './prefetch.ts'

export interface PollerParts {
  readonly outbox: Outbox
  readonly newId: () => string
  /** Null: by the storage's own clock. */
  readonly now: () => Date | null
  /** Milliseconds. */
  readonly lease: number
  /** Messages taken at once, at most. */
  readonly batch: number
  /** By target. */
  readonly limiters: ReadonlyMap<string, Limiter<HeldMessage, unknown>>
  /** Settles when it is handed over and settled, and never rejects. `since` is `performance.now()` before it was leased. */
  readonly begin: (held: HeldMessage, checked: Checked, since: number) => Promise<unknown>
  readonly giveBack: (held: readonly HeldMessage[]) => Promise<unknown>
  readonly failed: (error: unknown) => void
}

export interface Poller {
  /** Settles when nothing is due that is not under way. Never rejects. */
  poll(): Promise<void>
  /** A message has left its lane: there may be room for another. */
  slotFreed(): void
  /** Takes nothing more, until `resume`. */
  pause(): Promise<void>
  resume(): void
  /** How many messages were ever leased. */
  leased(): number
}

/** Milliseconds between looks past the messages for full lanes, which can be many, when nobody asks for one. */
const fullLanesPauseMs = 1000

export function createPoller({ outbox, newId, now, lease: ms, batch, limiters, begin, giveBack, failed }: PollerParts): Poller {
  /** Whether a message is under way whose last lease expired unsettled: they are tried one by one. */
  let hasLapsed = false
  const room = createPrefetch(limiters, batch)
  /** Targets that the last look left out. */
  let full: readonly string[] = []
  let looking: Promise<void> | null = null
  let isHalting = false
  let isAsked = false
  let isStirred = false
  let wakeUp = () => {}
  let leased = 0
  /** What was left out of the last look that found nothing more, and when that was. */
  let last = { without: full, at: Number.NEGATIVE_INFINITY }

  function stir(): void {
    isStirred = true
    wakeUp()
  }

  async function search(): Promise<void> {
    try {
      while (!isHalting) {
        const wasAsked = isAsked
        isAsked = false
        isStirred = false
        full = room.fullTargets()
        const hadLapsed = hasLapsed
        const early = last.at + (wasAsked ? freshForMs : fullLanesPauseMs) - performance.now()
        if (full.length > 0 && early > 0 && last.without.every(target => full.includes(target))) {
          isAsked = wasAsked
          await stirred(early)
        } else if (!(await take())) {
          if (full.length > 0) last = { without: full, at: performance.now() }
          else if (!hadLapsed && !isAsked) return
          if (!isStirred) await stirred(full.length > 0 ? fullLanesPauseMs : null)
        }
      }
    } catch (error) {
      failed(error)
    } finally {
      looking = null
    }
  }

  /** Until somebody asks, a lane has room, or what had lapsed has ended; at most so many milliseconds. */
  function stirred(atMost: number | null): Promise<void> {
    return new Promise(resolve => {
      const timer = atMost === null ? undefined : setTimeout(resolve, atMost)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Whether there may be more. */
  async function take(): Promise<boolean> {
    const owner = newId()
    const since = performance.now()
    const limit = room.limit(since)
    const all = await outbox.lease({ owner, ms }, { limit, now: now(), except: full, lapsed: !hasLapsed })
    room.leaseTook(performance.now() - since)
    leased += all.length
    const until = since + ms
    const held = all.map(({ message }) => heldMessage(message, { owner, until, found: true, lapsed: message.lapses > 0 }))
    if (isHalting) await giveBack(held)
    else for (const [index, checked] of all.entries()) start(held[index] as HeldMessage, checked, since)
    return all.length === limit || held.some(({ lapsed }) => lapsed)
  }

  function start(held: HeldMessage, checked: Checked, since: number): void {
    if (held.lapsed) hasLapsed = true
    void begin(held, checked, since).then(() => {
      if (!held.lapsed) return
      hasLapsed = false
      stir()
    })
  }

  return {
    poll() {
      isAsked = true
      stir()
      // A search that ends at once would be kept as the one that is under way: it clears its place before it has it.
      if (looking === null && !isHalting) looking = search()
      return looking ?? Promise.resolve()
    },
    slotFreed() {
      room.slotFreed()
      const enough = room.fullTargets()
      if (full.some(target => !enough.includes(target))) stir()
    },
    async pause() {
      isHalting = true
      stir()
      await looking
    },
    resume() {
      isHalting = false
    },
    leased: () => leased,
  }
}
