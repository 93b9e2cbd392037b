// Where invites are kept. An adapter keeps these promises and decides nothing.
import type { EmailKey, PhoneKey } from '../domain/address.ts'
import type { InviteEventType } from '../domain/event.ts'
import type { InviteId, InviteRecord, InviteStatus, JsonObject, Use } from '../domain/invite.ts'
import type { Tally } from '../domain/limits.ts'
import type { Kept, MemberFact } from '../domain/slice.ts'

/** What a decision needs to know of one organization. Empty lists ask for nothing. */
export interface Question {
  readonly organizationId: string
  /** Invites by id; with each come the pending ones that share an address with it, and its inviter as a member. */
  readonly ids: readonly InviteId[]
  /** Pending invites, and members, at these addresses. */
  readonly emails: readonly EmailKey[]
  readonly phones: readonly PhoneKey[]
  /** Members by user, and the uses that these users made of the invites in `ids`. */
  readonly users: readonly string[]
  readonly keys: readonly string[]
  /** Count live pending invites up to this number; absent: not counted, the answer is 0. */
  readonly pending: number | null
  readonly seats: number | null
  /** Count the invites and resends of these users since a day ago. */
  readonly inviters: readonly string[]
  /** Count the messages to these marks since a day ago, over all organizations. */
  readonly marks: readonly string[]
  /** The time to judge by; absent: the storage's own clock. */
  readonly now: Date | null
  /** False when members live in the host's own table: then none are read, and `seats` is 0. */
  readonly members: boolean
}

/** The answer, one snapshot: every part was true at `revision`. 0 is an organization never written to. */
export interface Facts {
  readonly revision: number
  readonly now: Date
  readonly pending: number
  readonly seats: number
  readonly invites: readonly InviteRecord[]
  readonly uses: readonly Use[]
  readonly members: readonly MemberFact[]
  readonly kept: readonly Kept[]
  readonly made: ReadonlyMap<string, Tally>
  readonly sends: ReadonlyMap<string, Tally>
}

/** One line of an invite's history. */
export interface EventRow {
  readonly id: string
  readonly organizationId: string
  readonly inviteId: InviteId
  readonly type: InviteEventType
  readonly at: Date
  readonly actorId: string | null
  readonly previousStatus: InviteStatus | null
  /** The invite as it was then, as webhooks show it: no secret in it. */
  readonly data: JsonObject
}

/** Work for the relay. `target` is a channel for a delivery, a sink's name for an event. */
export interface MessageRow {
  readonly id: string
  readonly kind: 'delivery' | 'event'
  readonly target: string
  readonly organizationId: string
  readonly inviteId: InviteId
  readonly generation: number
  readonly reason: 'created' | 'resent' | 'reminder' | null
  /** The event to publish; null for a delivery. */
  readonly eventId: string | null
  readonly mark: string | null
  readonly createdAt: Date
}

export interface MemberRow extends MemberFact {
  readonly at: Date
}

/** Everything that one commit writes. Each row appears once. */
export interface Changes {
  readonly organizationId: string
  /** The revision that the decisions were made on. */
  readonly revision: number
  /** Known invites that leave `pending`: they give back their addresses before `live` takes any. */
  readonly ended: readonly InviteRecord[]
  /** Every other invite that is new or changed. */
  readonly live: readonly InviteRecord[]
  readonly uses: readonly Use[]
  readonly members: readonly MemberRow[]
  readonly kept: readonly Kept[]
  readonly events: readonly EventRow[]
  readonly messages: readonly MessageRow[]
  /** Invites whose stored history details and waiting deliveries go with this commit. */
  readonly erased: readonly InviteId[]
  /** Who holds the new messages from the start, and for how long; null: they are free to be leased. */
  readonly lease: Lease | null
}

export interface Lease {
  readonly owner: string
  /** Milliseconds, by the storage's own clock. */
  readonly ms: number
}

export type Committed = 'committed' | 'conflict'

export interface CommitOptions<Tx> {
  /** The host's transaction to join: nothing is begun or committed, and nothing of ours may fail in it. */
  readonly tx?: Tx | undefined
  /** Runs inside the same transaction, after the rows are written and before COMMIT; what it throws undoes all. */
  readonly within?: ((tx: Tx) => void | Promise<void>) | undefined
}

export interface Storage<Tx = unknown> {
  /** For messages: `memory`, `sqlite`, `postgres`. */
  readonly name: string
  /** One statement, one snapshot, no lock. */
  read(question: Question, tx?: Tx): Promise<Facts>
  /**
   * Writes all of it and bumps the organization's revision, if that is still the one decided on; otherwise writes
   * nothing and answers `conflict`. Exact under any isolation level.
   */
  commit(changes: Changes, options?: CommitOptions<Tx>): Promise<Committed>
  /**
   * Runs `work` while no other process can write to this organization. Absent where a store has no lock: the caller
   * then relies on `conflict` alone.
   */
  exclusively?<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Bumps the revision whatever it is. */
  touch(organizationId: string, tx?: Tx): Promise<void>
  /** Which organization an invite or a code belongs to. */
  find(by: { readonly id: InviteId } | { readonly codeHashes: readonly string[] }, tx?: Tx): Promise<Found | null>
  readonly lists: Lists<Tx>
  readonly outbox: Outbox
  /** Adds one to a counter in a fixed window of time, and tells the new count. */
  hit(counter: string, windowMs: number, now: Date | null): Promise<{ readonly count: number; readonly resetsAt: Date }>
  /** Makes or completes the tables; safe when several processes do it at once. */
  migrate(): Promise<void>
  /** Ends what the adapter itself opened. */
  close(): Promise<void>
}

export interface Found {
  readonly id: InviteId
  readonly organizationId: string
}

export type SortKey = 'createdAt' | 'expiresAt' | 'updatedAt'

export interface ListQuery {
  readonly organizationId: string
  readonly now: Date
  readonly status: readonly InviteStatus[] | null
  readonly role: string | null
  readonly email: EmailKey | null
  readonly phone: PhoneKey | null
  /** A part of an address or name, in any case; `%` and `_` are letters. */
  readonly q: string | null
  readonly inviterId: string | null
  readonly externalId: string | null
  readonly created: Range
  readonly expires: Range
  readonly sort: SortKey
  readonly descending: boolean
  readonly limit: number
  /** The sort value and id of the last row of the page before. */
  readonly after: { readonly value: Date | null; readonly id: InviteId } | null
}

/** From (inclusive) and to (exclusive). */
export interface Range {
  readonly from: Date | null
  readonly to: Date | null
}

export interface Lists<Tx> {
  /** Rows in total order (`sort`, then id), never by OFFSET. Nulls of `expiresAt` count as the latest time. */
  invites(query: ListQuery, tx?: Tx): Promise<readonly InviteRecord[]>
  /** How many rows the filters leave, counted up to `cap`. */
  total(query: ListQuery, cap: number, tx?: Tx): Promise<number>
  /** Live pending invites at these addresses, over all organizations. */
  mine(
    addresses: { readonly email: EmailKey | null; readonly phone: PhoneKey | null; readonly now: Date },
    tx?: Tx,
  ): Promise<readonly InviteRecord[]>
  /** Every invite that names this address, in any state and organization. */
  addressed(
    address: { readonly email: EmailKey } | { readonly phone: PhoneKey },
  ): Promise<readonly Found[]>
  deliveries(ids: readonly InviteId[], tx?: Tx): Promise<readonly DeliveryRow[]>
  /** Oldest first. */
  history(
    query: { readonly organizationId: string; readonly id: InviteId; readonly after: number | null; readonly limit: number },
    tx?: Tx,
  ): Promise<readonly (EventRow & { readonly sequence: number })[]>
  summary(query: { readonly organizationId: string; readonly now: Date; readonly since: Date }, tx?: Tx): Promise<Counts>
  members(
    query: { readonly organizationId: string; readonly limit: number; readonly after: string | null },
    tx?: Tx,
  ): Promise<readonly MemberRow[]>
  /** Organizations with pending invites past their time, and those invites. */
  due(now: Date, limit: number): Promise<readonly Found[]>
}

export interface Counts {
  readonly statuses: Readonly<Record<InviteStatus, number>>
  readonly members: number
  readonly problems: number
  /** One row for each day (UTC, `yyyy-mm-dd`) that has any. */
  readonly days: readonly { readonly day: string; readonly type: InviteEventType; readonly count: number }[]
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
  | { readonly id: string; readonly outcome: 'dropped'; readonly status: 'failed' | 'suppressed'; readonly failure: string; readonly at: Date }
  | { readonly id: string; readonly outcome: 'retry'; readonly failure: string; readonly at: Date; readonly dueAt: Date }

/** Rows written with the change itself, leased by relays after commit. At least once, never by two at a time. */
export interface Outbox {
  /** Due rows that nobody holds, oldest first, now held by `lease.owner`. */
  lease(lease: Lease, query: { readonly limit: number; readonly now: Date | null }): Promise<readonly Leased[]>
  /** The message and its invite as they are now, if `owner` still holds it; null otherwise. */
  check(id: string, owner: string): Promise<{ readonly invite: InviteRecord; readonly message: Leased } | null>
  /** Settles rows that `owner` still holds, with the events to add; answers the ids that were settled. */
  settle(
    settlements: readonly { readonly settlement: Settlement; readonly event?: EventRow; readonly messages?: readonly MessageRow[] }[],
    owner: string,
  ): Promise<readonly string[]>
  /** Makes a failed delivery due again. */
  redeliver(id: string, now: Date | null): Promise<boolean>
  /** When the next unsettled row falls due, and how old the oldest due one is. */
  next(): Promise<{ readonly dueAt: Date } | null>
}
