// Settles attempts: writes down how they ended, many in one statement, each with the event that tells of it.

import { announce } from '../commit/changes.ts'
import { createBatcher } from '../concurrency/batcher.ts'
import type { InviteEventType } from '../domain/event.ts'
import type { Outbox, Settled, Settlement } from '../ports/storage/outbox.ts'
import type { EventRow } from '../ports/storage/rows.ts'
import { type HeldMessage, ownMessage } from './held-message.ts'

/** `heard`: by listeners of this process; nothing left it, so it is not counted as delivered. */
export type AttemptResult = 'delivered' | 'failed' | 'skipped' | 'heard'

/** An attempt that ended, to be settled. */
export interface FinishedAttempt {
  readonly result: AttemptResult
  readonly settlement: Settlement
  readonly event?: EventRow
}

export interface SettledAttempt {
  readonly result: AttemptResult
  /** The event messages that the settlement created; this process holds them already. */
  readonly next: readonly HeldMessage[]
}

export interface SettleParts {
  readonly outbox: Outbox
  readonly newId: () => string
  /** The targets that are told of such an event. */
  readonly targetsOf: (type: InviteEventType) => readonly string[]
  /** Milliseconds that the new messages are leased for. */
  readonly lease: number
  /** Whether more is under way that will soon have to be settled too. */
  readonly isBusy: () => boolean
}

/** Between two statements while more is under way. A crash repeats what was sent and not settled, so it is short. */
const settlePauseMs = 100

export function createSettle({ outbox, newId, targetsOf, lease: ms, isBusy }: SettleParts) {
  const settleOne = createBatcher(settleAll, { ms: settlePauseMs, isWorthIt: isBusy })

  /** The new messages of each; null where the lease was lost. Those that are settled together share one lease for them. */
  async function settleAll(settlings: readonly Settled[]): Promise<readonly (readonly HeldMessage[] | null)[]> {
    const owner = newId()
    const until = performance.now() + ms
    const ids = new Set(await outbox.settle(settlings, { owner, ms }))
    return settlings.map(({ settlement, messages = [] }) =>
      ids.has(settlement.id) ? messages.map(message => ownMessage(message, owner, until)) : null,
    )
  }

  return async ({ owner }: HeldMessage, { result, settlement, event }: FinishedAttempt): Promise<SettledAttempt> => {
    const messages = event ? announce(event, { targets: targetsOf(event.type), newId }) : []
    const next = await settleOne({ owner, settlement, ...(event ? { event, messages } : {}) })
    // It was sent, but settled by another: by the provider's report, which came first, or by the next holder of the lease.
    if (next === null) return { result: settlement.outcome === 'done' ? result : 'skipped', next: [] }
    return { result, next }
  }
}
