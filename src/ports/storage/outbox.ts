// Storage port: the outbox. Messages are written with the change itself, and leased by relays after commit.
import type { DeliveryStatus } from '../../domain/delivery.ts'
import type { InviteId, InviteRecord } from '../../domain/invite.ts'
import type { EventRow, MessageRow } from './rows.ts'

/** A relay's right to deliver a message for a time. For authors of a storage. */
export interface Lease {
  /** Another for each lease, so that an expired one can settle nothing. */
  readonly owner: string
  /** Milliseconds, by the storage's own clock. */
  readonly ms: number
}

export type { DeliveryStatus } from '../../domain/delivery.ts'

/** A message to a recipient, as it is stored. For authors of a storage. */
export interface DeliveryRow {
  readonly id: string
  readonly inviteId: InviteId
  readonly channel: string
  readonly generation: number
  readonly reason: NonNullable<MessageRow['reason']>
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly providerId: string | null
  /** Why it failed, with a status code; never the provider's own text. */
  readonly failure: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly sentAt: Date | null
}

/** A leased message, with its event if it has one. For authors of a storage. */
export interface Leased extends MessageRow {
  /** Attempts that ended, and the one that the lease is for. */
  readonly attempts: number
  /**
   * Attempts made alone because an earlier lease expired unsettled, this one included, and not known to have ended. Above 0,
   * the process that held the last lease may have crashed on this message, or on another that it held.
   */
  readonly lapses: number
  readonly event: (EventRow & { readonly sequence: number }) | null
}

/** How an attempt ended: delivered, given up, or to be tried again at `dueAt`. For authors of a storage. */
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

/** A message and the owner of its lease. For authors of a storage. */
export interface Hold {
  readonly id: string
  readonly owner: string
}

/** A leased message and its invite, as they are now. For authors of a storage. */
export interface Checked {
  readonly owner: string
  readonly invite: InviteRecord
  readonly message: Leased
  /** Whether it is an event for a disabled sink. */
  readonly disabled: boolean
  /** Whether its organization has any suppression; if not, none are queried. */
  readonly suppressing: boolean
  /** Whether there is any template of its organization or of everybody; if not, none are queried. */
  readonly templated: boolean
  /** The time by the storage's own clock, which is the same for every process. */
  readonly now: Date
}

/** Which messages to lease. For authors of a storage. */
export interface LeaseQuery {
  readonly limit: number
  /** The messages that are due at this time; null: by the storage's own clock. */
  readonly now: Date | null
  /** Targets (channels and sinks) to leave out. */
  readonly except: readonly string[]
  /** Whether to lease a message whose last lease expired unsettled. It must be tried while nothing else is. */
  readonly lapsed: boolean
}

/** The callbacks of `listen`. For authors of a storage. */
export interface Listener {
  /** Another process may have committed messages, also while the connection was down. */
  heard(): void
  /** Listening failed. Called once; the adapter itself reconnects where that can help. */
  failed(error: unknown): void
}

/** A settlement, the event to add to the history, and the messages that deliver that event. For authors of a storage. */
export interface Settled {
  readonly owner: string
  readonly settlement: Settlement
  readonly event?: EventRow
  readonly messages?: readonly MessageRow[]
}

/**
 * The outbox. Messages are delivered at least once, and leased by one owner at a time. A message that is written with a lease
 * has its first attempt counted. For authors of a storage.
 */
export interface Outbox {
  /**
   * Leases due messages without a current lease to `lease.owner`, oldest first, and returns them. Atomic: two calls never get
   * the same message. Counts an attempt of each: in `attempts`, or in `lapses` when its last lease expired unsettled. Of the
   * latter at most one is leased per call, so that a message which crashes every process uses up no attempts of others.
   */
  lease(lease: Lease, query: LeaseQuery): Promise<readonly Checked[]>
  /** Those messages of `holds` whose lease is still current, with their invites, read in one snapshot. Changes nothing. */
  check(holds: readonly Hold[]): Promise<readonly Checked[]>
  /**
   * Settles the messages whose lease is still current, in one transaction with their events and new messages, and returns
   * their ids; the others are left as they are. The new messages start under `lease`.
   */
  settle(settled: readonly Settled[], lease: Lease | null): Promise<readonly string[]>
  /** Ends the leases that are still current, for attempts that were not begun: they are not counted, `lapses` stays. */
  release(holds: readonly Hold[]): Promise<void>
  /** Makes a failed delivery due again, with all its attempts ahead of it. False when there is no such failed delivery. */
  redeliver(id: string, now: Date | null): Promise<boolean>
  /** When the next unsettled message is due, leased or not; null when there is none. */
  next(): Promise<{ readonly dueAt: Date } | null>
  /**
   * Notifies the relays of other processes that messages were committed. Shortly after the call and once for many calls;
   * never inside a transaction. Absent where processes cannot notify each other: they poll.
   */
  wake?(): Promise<void>
  /** Listens until the returned function is called. A hint only: messages that it misses are found by polling. */
  listen?(listener: Listener): () => Promise<void>
}
