// Looks for what is due and leases it ahead of the lanes: they are kept busy, and none of them keeps another waiting.
import type { Outbox, Taken } from '../ports/outbox.ts'
import type { Held } from './handover.ts'
import { moment } from './knowledge.ts'
import type { Lane } from './lane.ts'

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
  readonly begin: (held: Held, taken: Taken, since: number) => Promise<unknown>
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

/** Messages that are taken at once however slowly they leave. */
const least = 10
/** Milliseconds between looks past the messages for a full lane, which can be many. */
const respite = 1000

export function createPump({ outbox, newId, now, lease: ms, batch, lanes, begin, giveBack, failed }: PumpParts): Pump {
  /** Targets with a message under way whose last holder never said how it ended: it may take this process along. */
  const wary = new Set<string>()
  /** Targets whose lanes have enough. */
  let full: readonly string[] = []
  let looking: Promise<void> | null = null
  let isHalting = false
  let isAsked = false
  let isStirred = false
  let wakeUp = () => {}
  let leased = 0
  /** Messages that left a lane since they were last counted, at `countedAt`; and how many leave in half a moment. */
  let gone = 0
  let countedAt = performance.now()
  let limit = Math.min(batch, least)
  let restUntil = 0

  function stir(): void {
    isStirred = true
    wakeUp()
  }

  async function search(): Promise<void> {
    try {
      while (!isHalting) {
        isAsked = false
        isStirred = false
        full = [...lanes.keys()].filter(isFull)
        const isPartial = full.length > 0
        const isWary = wary.size > 0
        const isResting = isPartial && performance.now() < restUntil
        if (!isResting && (await take())) continue
        if (isPartial && !isResting) restUntil = performance.now() + respite
        if (!isPartial && !isWary && !isAsked) return
        if (!isStirred) await stirred(isPartial)
      }
    } catch (error) {
      failed(error)
    } finally {
      looking = null
    }
  }

  function stirred(isPartial: boolean): Promise<void> {
    return new Promise(resolve => {
      const timer = isPartial ? setTimeout(resolve, respite) : undefined
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** As many are in line as leave soon: nobody who becomes free has to wait, and what was leased is not old. */
  function isFull(target: string): boolean {
    const lane = lanes.get(target)
    return lane !== undefined && lane.size() >= lane.maxInFlight + limit / 2
  }

  function count(now: number): void {
    if (now - countedAt < moment / 5) return
    limit = Math.min(batch, Math.max(least, Math.ceil((gone / (now - countedAt)) * (moment / 2))))
    gone = 0
    countedAt = now
  }

  /** Whether there may be more. */
  async function take(): Promise<boolean> {
    const owner = newId()
    const since = performance.now()
    count(since)
    const taking = limit
    const all = await outbox.lease({ owner, ms }, { limit: taking, now: now(), except: full, wary: [...wary] })
    leased += all.length
    const until = since + ms
    const held = all.map(({ message: { id, target }, lapsed }): Held => ({ id, target, owner, until, found: true, lapsed }))
    if (isHalting) await giveBack(held)
    else for (const [index, taken] of all.entries()) start(held[index] as Held, taken, since)
    return all.length === taking || all.some(({ lapsed }) => lapsed)
  }

  function start(held: Held, taken: Taken, since: number): void {
    if (held.lapsed) wary.add(held.target)
    void begin(held, taken, since).then(() => {
      if (!held.lapsed) return
      wary.delete(held.target)
      stir()
    })
  }

  return {
    look() {
      isAsked = true
      stir()
      looking ??= search()
      return looking
    },
    ended() {
      gone += 1
      if (full.some(target => !isFull(target))) stir()
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
