// Where invites are kept. An adapter keeps these promises and decides nothing.
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

export interface CommitOptions<Tx> {
  /** The host's transaction to join: nothing is begun or committed, and nothing of ours may fail in it. */
  readonly tx?: Tx | undefined
  /** Runs inside the same transaction, after the rows are written and before COMMIT; what it throws undoes all. */
  readonly beforeCommit?: ((tx: Tx) => void | Promise<void>) | undefined
}

export interface Storage<Tx = unknown> {
  /** For messages: `memory`, `sqlite`, `postgres`. */
  readonly name: string
  /** True when `within`, and so the host's members functions, must not answer with a promise. */
  readonly synchronous?: boolean
  /** Throws a `TypeError` for what can be seen to be no transaction of this storage's. Asked once in a call, before all else. */
  checkTx?(tx: unknown): void
  /** Lends the connection to a synchronous members function, outside of any transaction. */
  useConnection?<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement, one snapshot, no lock. */
  read(question: FactsQuery, tx?: Tx): Promise<Facts>
  /**
   * Writes all of it and bumps the organization's revision, if that is still the one decided on; otherwise writes
   * nothing and answers `conflict`. Exact under any isolation level.
   */
  commit(changes: Changes, options?: CommitOptions<Tx>): Promise<Committed>
  /**
   * Runs `work` while no other process can write to this organization, and again when its transaction left nothing
   * behind, as after a deadlock. Absent where a store has no lock: the caller then relies on `conflict` alone.
   */
  withLock?<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Absent where a read costs next to nothing. */
  readonly speculation?: Speculation
  /** Bumps the revision whatever it is. */
  touch(organizationId: string, tx?: Tx): Promise<void>
  /** Which organization an invite or a code belongs to. */
  find(by: { readonly id: InviteId } | { readonly codeHashes: readonly string[] }, tx?: Tx): Promise<InviteRef | null>
  readonly lists: Lists<Tx>
  readonly outbox: Outbox & Reports
  readonly suppressions: Suppressions
  readonly disabledSinks: DisabledSinks<Tx>
  readonly templates: Templates<Tx>
  /** Adds one to a counter in a fixed window of time (or takes one back), and tells the new count, never below 0. */
  incrementCounter(
    counter: string,
    windowMs: number,
    now: Date | null,
    by?: 1 | -1,
    tx?: Tx,
  ): Promise<{ readonly count: number; readonly resetsAt: Date }>
  /** Makes or completes the tables; safe when several processes do it at once. */
  migrate(): Promise<void>
  /** Ends what the adapter itself opened. */
  close(): Promise<void>
}
