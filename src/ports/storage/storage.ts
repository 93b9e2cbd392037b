// Port: the storage of invites. An adapter keeps these promises and decides nothing. For authors of a storage.
import type { InviteId } from '../../domain/invite.ts'
import type { Changes, Committed } from './changes.ts'
import type { Reports } from './delivery-reports.ts'
import type { DisabledSinks } from './disabled-sinks.ts'
import type { Facts, FactsQuery } from './facts.ts'
import type { InviteRef, Lists } from './lists.ts'
import type { Outbox } from './outbox.ts'
import type { Speculation } from './speculation.ts'
import type { Suppressions } from './suppressions.ts'
import type { Templates } from './templates.ts'

/** For authors of a storage. */
export interface CommitOptions<Tx> {
  /** The host's transaction to join: begin and commit nothing, and let no statement fail in it (that aborts it on Postgres). */
  readonly tx?: Tx | undefined
  /** Runs in the same transaction, after the rows are written and before COMMIT. If it throws, everything is rolled back. */
  readonly beforeCommit?: ((tx: Tx) => void | Promise<void>) | undefined
}

/** A storage. `tx` in any method: run inside this transaction of the host. For authors of a storage. */
export interface Storage<Tx = unknown> {
  /** The name in error messages: `memory`, `sqlite`, `postgres`. */
  readonly name: string
  /** True when `beforeCommit`, and so the host's members functions, must not return a promise. */
  readonly synchronous?: boolean
  /** Throws a `TypeError` for a value that cannot be a transaction of this storage. Called first, once per call. */
  checkTx?(tx: unknown): void
  /** Runs `work` with the connection outside of any transaction, for the members functions of a synchronous storage. */
  useConnection?<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Answers the query in one statement: one snapshot, without locks. */
  read(query: FactsQuery, tx?: Tx): Promise<Facts>
  /**
   * Atomic. Writes all of it and increments the organization's revision, if that is still `changes.revision`; otherwise
   * writes nothing and returns `conflict`. Exact under any isolation level.
   */
  commit(changes: Changes, options?: CommitOptions<Tx>): Promise<Committed>
  /**
   * Runs `work` in a transaction while no other process can write to this organization. Repeats `work` when its transaction
   * was rolled back by the database, as after a deadlock. Absent where there is no lock: callers rely on `conflict` alone.
   */
  withLock?<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Absent where a read is cheap. */
  readonly speculation?: Speculation
  /** Increments the organization's revision, whatever it is: decisions made before conflict. */
  touch(organizationId: string, tx?: Tx): Promise<void>
  /** The id and organization of an invite, by its id or by the hashes of a code; null when there is none. */
  find(by: { readonly id: InviteId } | { readonly codeHashes: readonly string[] }, tx?: Tx): Promise<InviteRef | null>
  readonly lists: Lists<Tx>
  readonly outbox: Outbox & Reports
  readonly suppressions: Suppressions
  readonly disabledSinks: DisabledSinks<Tx>
  readonly templates: Templates<Tx>
  /** Atomic. Adds `by` to a counter of a fixed window of time and returns the new count, which is never below 0. */
  incrementCounter(
    counter: string,
    windowMs: number,
    now: Date | null,
    by?: 1 | -1,
    tx?: Tx,
  ): Promise<{ readonly count: number; readonly resetsAt: Date }>
  /** Creates or upgrades the tables. May run in several processes at once, and repeatedly. */
  migrate(): Promise<void>
  /** Closes what the adapter itself opened. */
  close(): Promise<void>
}
