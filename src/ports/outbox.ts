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

/** Which message, and whose lease it is under. A lease has an owner of its own, so that an old one settles nothing. */
export interface Hold {
  readonly id: string
  readonly owner: string
}

/** A held message and its invite, as they are now. */
export interface Checked {
  readonly owner: string
  readonly invite: InviteRecord
  readonly message: Leased
}

/** What became of a held message, with the event to add and the messages that announce it. */
export interface Settled {
  readonly owner: string
  readonly settlement: Settlement
  readonly event?: EventRow
  readonly messages?: readonly MessageRow[]
}

/** Rows written with the change itself, leased by relays after commit. At least once, never by two at a time. */
export interface Outbox {
  /** Due rows that nobody holds, oldest first, now held by `lease.owner`. */
  lease(lease: Lease, query: { readonly limit: number; readonly now: Date | null }): Promise<readonly Leased[]>
  /** Those that are still held so. */
  check(holds: readonly Hold[]): Promise<readonly Checked[]>
  /** Settles those that are still held so; answers their ids. The new messages are held under `lease` from the start. */
  settle(settled: readonly Settled[], lease: Lease | null): Promise<readonly string[]>
  /** Makes a failed delivery due again, with all its tries before it. */
  redeliver(id: string, now: Date | null): Promise<boolean>
  /** When the next unsettled row falls due, whoever holds it. */
  next(): Promise<{ readonly dueAt: Date } | null>
}
