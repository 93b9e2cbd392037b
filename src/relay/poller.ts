// Looks for what is due and leases it ahead of the lanes: they are kept busy, and none of them keeps another waiting.
import type { Checked, Outbox } from '../ports/storage/outbox.ts'
import { type Held, heldOf } from './held-message.ts'
import { moment } from './lease-checks.ts'
import type { Lane } from './limiter.ts'
import { createRoom } from './prefetch.ts'

export interface PumpParts {
  readonly outbox: Outbox
  readonly newId: () => string
  /** Null: by the storage's own clock. */
  readonly now: () => Date | null
  /** Milliseconds. */
  readonly lease: number
  /** Messages taken at once, at most. */
  readonly batch: number
  /** By target. */
  readonly lanes: ReadonlyMap<string, Lane<Held, unknown>>
  /** Settles when it is handed over and settled, and never rejects. `since` is `performance.now()` before it was leased. */
  readonly begin: (held: Held, checked: Checked, since: number) => Promise<unknown>
  readonly giveBack: (held: readonly Held[]) => Promise<unknown>
  readonly failed: (error: unknown) => void
}

export interface Pump {
  /** Settles when nothing is due that is not under way. Never rejects. */
  look(): Promise<void>
  /** A message has left its lane: there may be room for another. */
  ended(): void
  /** Takes nothing more, until `resume`. */
  halt(): Promise<void>
  resume(): void
  /** How many messages were ever leased. */
  leased(): number
}

/** Milliseconds between looks past the messages for full lanes, which can be many, when nobody asks for one. */
const respite = 1000

export function createPump({ outbox, newId, now, lease: ms, batch, lanes, begin, giveBack, failed }: PumpParts): Pump {
  /** Whether a message is under way whose last lease expired unsettled: they are tried one by one. */
  let hasLapsed = false
  const room = createRoom(lanes, batch)
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
        full = room.full()
        const hadLapsed = hasLapsed
        const early = last.at + (wasAsked ? moment : respite) - performance.now()
        if (full.length > 0 && early > 0 && last.without.every(target => full.includes(target))) {
          isAsked = wasAsked
          await stirred(early)
        } else if (!(await take())) {
          if (full.length > 0) last = { without: full, at: performance.now() }
          else if (!hadLapsed && !isAsked) return
          if (!isStirred) await stirred(full.length > 0 ? respite : null)
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
    room.took(performance.now() - since)
    leased += all.length
    const until = since + ms
    const held = all.map(({ message }) => heldOf(message, { owner, until, found: true, lapsed: message.lapses > 0 }))
    if (isHalting) await giveBack(held)
    else for (const [index, checked] of all.entries()) start(held[index] as Held, checked, since)
    return all.length === limit || held.some(({ lapsed }) => lapsed)
  }

  function start(held: Held, checked: Checked, since: number): void {
    if (held.lapsed) hasLapsed = true
    void begin(held, checked, since).then(() => {
      if (!held.lapsed) return
      hasLapsed = false
      stir()
    })
  }

  return {
    look() {
      isAsked = true
      stir()
      // A search that ends at once would be kept as the one that is under way: it clears its place before it has it.
      if (looking === null && !isHalting) looking = search()
      return looking ?? Promise.resolve()
    },
    ended() {
      room.ended()
      const enough = room.full()
      if (full.some(target => !enough.includes(target))) stir()
    },
    async halt() {
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
