// The outbox: rows written with the change itself, leased by relays after commit.
import type { DeliveryStatus } from '../../domain/delivery.ts'
import type { InviteId, InviteRecord } from '../../domain/invite.ts'
import type { EventRow, MessageRow } from './rows.ts'

export interface Lease {
  readonly owner: string
  /** Milliseconds, by the storage's own clock. */
  readonly ms: number
}

export type { DeliveryStatus } from '../../domain/delivery.ts'

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
  /** Tries that ended, and the one that its holder is making. */
  readonly attempts: number
  /**
   * Tries that were begun while nothing else was, and of which nobody saw the end, this one included. Above 0, its last lease
   * expired unsettled: the process that held it may have crashed on it, or on a message beside it.
   */
  readonly lapses: number
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
  /** Whether it is an event for a sink that is switched off. */
  readonly disabled: boolean
  /** Whether its organization has any suppression: only then they need to be asked for. */
  readonly suppressing: boolean
  /** Whether its organization, or everybody, has any template. */
  readonly templated: boolean
  /** The time, by the storage's own clock: it is the same for every process. */
  readonly now: Date
}

export interface LeaseQuery {
  readonly limit: number
  /** What is due at this time; null: by the storage's own clock. */
  readonly now: Date | null
  /** Targets of which none is wanted. */
  readonly except: readonly string[]
  /** Whether a message whose last lease expired unsettled is wanted: it has to be tried with nothing else under way. */
  readonly lapsed: boolean
}

/** Who is told that messages were left. */
export interface Listener {
  /** Another process left some, or may have while nobody could hear of it. */
  heard(): void
  /** Nothing can be heard. Told once; it is tried again by itself where that can help. */
  failed(error: unknown): void
}

/** What became of a held message, with the event to add and the messages that announce it. */
export interface Settled {
  readonly owner: string
  readonly settlement: Settlement
  readonly event?: EventRow
  readonly messages?: readonly MessageRow[]
}

/**
 * Rows written with the change itself, leased by relays after commit. At least once, never by two at a time. A row that is
 * written held counts its first try.
 */
export interface Outbox {
  /**
   * Due rows that nobody holds, oldest first, now held by `lease.owner`. A try of each is counted: in `attempts`, or in
   * `lapses` when its last lease expired unsettled. Of the latter at most one is leased at once, so that a message which ends
   * every process that tries it takes no other's tries with it.
   */
  lease(lease: Lease, query: LeaseQuery): Promise<readonly Checked[]>
  /** Those that are still held so. */
  check(holds: readonly Hold[]): Promise<readonly Checked[]>
  /** Settles those that are still held so; answers their ids. The new messages are held under `lease` from the start. */
  settle(settled: readonly Settled[], lease: Lease | null): Promise<readonly string[]>
  /** Frees those that are still held so: the try that was not begun is not counted, and what had lapsed before still has. */
  release(holds: readonly Hold[]): Promise<void>
  /** Makes a failed delivery due again, with all its tries before it. */
  redeliver(id: string, now: Date | null): Promise<boolean>
  /** When the next unsettled row falls due, whoever holds it. */
  next(): Promise<{ readonly dueAt: Date } | null>
  /**
   * Tells the relays of other processes that messages were left, soon after and once for many calls; never in a
   * transaction, and to nobody who does not listen. Absent where processes cannot tell each other anything: they poll.
   */
  wake?(): Promise<void>
  /** Listens until the function that it answers is called. Only a hint: what it misses is found by polling. */
  listen?(listener: Listener): () => Promise<void>
}
