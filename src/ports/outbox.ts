// The outbox: rows written with the change itself, leased by relays after commit.
import type { InviteId, InviteRecord } from '../domain/invite.ts'
import type { EventRow, MessageRow } from './rows.ts'

export interface Lease {
  readonly owner: string
  /** Milliseconds, by the storage's own clock. */
  readonly ms: number
}

export type DeliveryStatus = 'queued' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed' | 'suppressed'

export interface DeliveryRow {
  readonly id: string
  readonly inviteId: InviteId
  readonly channel: string
  readonly generation: number
  readonly reason: NonNullable<MessageRow['reason']>
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly providerId: string | null
  /** Our words and a status code; never the provider's text. */
  readonly failure: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly sentAt: Date | null
}

/** A message that one relay holds for a time. `event` comes with an event's row. */
export interface Leased extends MessageRow {
  readonly attempts: number
  readonly event: (EventRow & { readonly sequence: number }) | null
}

export type Settlement =
  | { readonly id: string; readonly outcome: 'done'; readonly providerId: string | null; readonly at: Date }
  | {
      readonly id: string
      readonly outcome: 'dropped'
      readonly status: 'failed' | 'suppressed'
      readonly failure: string
      readonly at: Date
    }
  | { readonly id: string; readonly outcome: 'retry'; readonly failure: string; readonly at: Date; readonly dueAt: Date }

/** Rows written with the change itself, leased by relays after commit. At least once, never by two at a time. */
export interface Outbox {
  /** Due rows that nobody holds, oldest first, now held by `lease.owner`. */
  lease(lease: Lease, query: { readonly limit: number; readonly now: Date | null }): Promise<readonly Leased[]>
  /** The message and its invite as they are now, if `owner` still holds it; null otherwise. */
  check(id: string, owner: string): Promise<{ readonly invite: InviteRecord; readonly message: Leased } | null>
  /** Settles rows that `owner` still holds, with the events to add; answers the ids that were settled. */
  settle(
    settlements: readonly {
      readonly settlement: Settlement
      readonly event?: EventRow
      readonly messages?: readonly MessageRow[]
    }[],
    owner: string,
  ): Promise<readonly string[]>
  /** Makes a failed delivery due again. */
  redeliver(id: string, now: Date | null): Promise<boolean>
  /** When the next unsettled row falls due, and how old the oldest due one is. */
  next(): Promise<{ readonly dueAt: Date } | null>
}
