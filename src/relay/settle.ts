// How a handing over ended, written down: with others in one statement, with the event that tells of it.

import { announce } from '../commit/changes.ts'
import { createBatcher } from '../concurrency/batcher.ts'
import type { InviteEventType } from '../domain/event.ts'
import type { Outbox, Settled, Settlement } from '../ports/storage/outbox.ts'
import type { EventRow } from '../ports/storage/rows.ts'
import { type HeldMessage, ownMessage } from './held-message.ts'

/** `heard`: by listeners of this process, where nothing left it. */
export type Handed = 'delivered' | 'failed' | 'skipped' | 'heard'

/** How the handing over ended, to be settled. */
export interface Ending {
  readonly result: Handed
  readonly settlement: Settlement
  readonly event?: EventRow
}

/** What became of it, and the messages that the settlement brought along, held already. */
export interface Settlements {
  readonly result: Handed
  readonly next: readonly HeldMessage[]
}

export interface SettleParts {
  readonly outbox: Outbox
  readonly newId: () => string
  /** Who is told of such an event. */
  readonly targetsOf: (type: InviteEventType) => readonly string[]
  /** Milliseconds that what comes along is held for. */
  readonly lease: number
  /** Whether more is under way that will soon have to be settled too. */
  readonly isBusy: () => boolean
}

/** Between two settlements while more is under way: a crash repeats what was sent and not settled. */
const settlePauseMs = 100

export function createSettle({ outbox, newId, targetsOf, lease: ms, isBusy }: SettleParts) {
  const settleOne = createBatcher(settleAll, { ms: settlePauseMs, isWorthIt: isBusy })

  /** What each brought along; null for what was held no longer. Settled together, they share one lease for that. */
  async function settleAll(settlings: readonly Settled[]): Promise<readonly (readonly HeldMessage[] | null)[]> {
    const owner = newId()
    const until = performance.now() + ms
    const settled = new Set(await outbox.settle(settlings, { owner, ms }))
    return settlings.map(({ settlement, messages = [] }) =>
      settled.has(settlement.id) ? messages.map(message => ownMessage(message, owner, until)) : null,
    )
  }

  return async ({ owner }: HeldMessage, { result, settlement, event }: Ending): Promise<Settlements> => {
    const messages = event ? announce(event, { targets: targetsOf(event.type), newId }) : []
    const next = await settleOne({ owner, settlement, ...(event ? { event, messages } : {}) })
    // Handed over, and settled by another: a report of the provider's that was quicker, or whoever holds it now.
    if (next === null) return { result: settlement.outcome === 'done' ? result : 'skipped', next: [] }
    return { result, next }
  }
}
