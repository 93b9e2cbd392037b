// Leases messages that are due and passes them on to be delivered. It leases ahead of the limiters, and leaves out the targets
// for which enough messages wait already, so that a slow one holds up no other.
import type { Checked, Outbox } from '../ports/storage/outbox.ts'
import { type HeldMessage, heldMessage } from './held-message.ts'
import { freshForMs } from './lease-checks.ts'
import type { Limiters } from './limiter.ts'
import { type CreatePrefetch, createPrefetch } from './prefetch.ts'

export interface PollerParts {
  readonly outbox: Outbox
  readonly newId: () => string
  /** Null: by the storage's own clock. */
  readonly now: () => Date | null
  /** Milliseconds. */
  readonly lease: number
  /** The most messages that one lease may take. */
  readonly batch: number
  readonly limiters: Limiters
  /** Settles when the message is delivered and settled; never rejects. `since` is `performance.now()` before the lease. */
  readonly deliver: (message: HeldMessage, checked: Checked, since: number) => Promise<unknown>
  readonly release: (messages: readonly HeldMessage[]) => Promise<unknown>
  readonly failed: (error: unknown) => void
  /** Default: `createPrefetch`. */
  readonly prefetch?: CreatePrefetch | undefined
}

export interface Poller {
  /** Settles when nothing is due that is not under way. Never rejects. */
  poll(): Promise<void>
  /** Leases nothing more until `resume`. */
  pause(): Promise<void>
  resume(): void
  /** How many messages were ever leased. */
  leased(): number
}

/**
 * Milliseconds between two leases that leave targets out, when nobody asks for one. Their messages, which can be many, are
 * read past each time.
 */
const fullTargetsPauseMs = 1000

export function createPoller(parts: PollerParts): Poller {
  const { outbox, newId, now, lease: ms, batch, limiters, deliver, release, failed } = parts
  const prefetch = (parts.prefetch ?? createPrefetch)(limiters.byTarget, batch)
  /** Whether a message is under way whose last lease expired unsettled: they are tried one by one. */
  let hasLapsed = false
  /** Targets that the last lease left out. */
  let excluded: readonly string[] = []
  /** The last lease that found nothing more. */
  let lastEmpty = { excluded, at: Number.NEGATIVE_INFINITY }
  let polling: Promise<void> | null = null
  let isPaused = false
  let isRequested = false
  let isWoken = false
  let wakeUp = () => {}
  let leased = 0

  function wake(): void {
    isWoken = true
    wakeUp()
  }

  async function leaseWhileDue(): Promise<void> {
    try {
      while (!isPaused) {
        const wasRequested = isRequested
        isRequested = false
        isWoken = false
        excluded = prefetch.fullTargets()
        const hadLapsed = hasLapsed
        const pauseMs = pauseLeft(wasRequested)
        if (pauseMs > 0) {
          isRequested = wasRequested
          await woken(pauseMs)
        } else if (!(await leaseMore())) {
          if (excluded.length > 0) lastEmpty = { excluded, at: performance.now() }
          else if (!hadLapsed && !isRequested) return
          if (!isWoken) await woken(excluded.length > 0 ? fullTargetsPauseMs : null)
        }
      }
    } catch (error) {
      failed(error)
    } finally {
      polling = null
    }
  }

  /** Milliseconds to wait because the last lease found nothing more, and this one would leave out at least the same targets. */
  function pauseLeft(wasRequested: boolean): number {
    const findsNoMore = excluded.length > 0 && lastEmpty.excluded.every(target => excluded.includes(target))
    const pauseMs = wasRequested ? freshForMs : fullTargetsPauseMs
    return findsNoMore ? lastEmpty.at + pauseMs - performance.now() : 0
  }

  /** Settles on `wake`, or after so many milliseconds. */
  function woken(maxMs: number | null): Promise<void> {
    return new Promise(resolve => {
      const timer = maxMs === null ? undefined : setTimeout(resolve, maxMs)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Whether more may be due. */
  async function leaseMore(): Promise<boolean> {
    const owner = newId()
    const since = performance.now()
    const limit = prefetch.limit(since)
    const found = await outbox.lease({ owner, ms }, { limit, now: now(), except: excluded, lapsed: !hasLapsed })
    prefetch.leaseTook(performance.now() - since)
    leased += found.length
    const until = since + ms
    const messages = found.map(({ message }) => heldMessage(message, { owner, until, lapsed: message.lapses > 0 }))
    if (isPaused) await release(messages)
    else for (const [index, checked] of found.entries()) void start(messages[index] as HeldMessage, checked, since)
    return found.length === limit || messages.some(({ lapsed }) => lapsed)
  }

  async function start(message: HeldMessage, checked: Checked, since: number): Promise<void> {
    if (message.lapsed) hasLapsed = true
    await deliver(message, checked, since)
    if (!message.lapsed) return
    hasLapsed = false
    wake()
  }

  limiters.onSlotFreed(() => {
    prefetch.slotFreed()
    if (excluded.length === 0) return
    const full = prefetch.fullTargets()
    if (excluded.some(target => !full.includes(target))) wake()
  })

  return {
    poll() {
      isRequested = true
      wake()
      // Not while paused: the loop would end before its promise is assigned, and `polling` would keep the ended one.
      if (polling === null && !isPaused) polling = leaseWhileDue()
      return polling ?? Promise.resolve()
    },
    async pause() {
      isPaused = true
      wake()
      await polling
    },
    resume() {
      isPaused = false
    },
    leased: () => leased,
  }
}
