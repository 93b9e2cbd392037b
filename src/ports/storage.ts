// Where invites are kept. An adapter keeps these promises and decides nothing.
import type { EmailKey, PhoneKey } from '../domain/address.ts'
import type { InviteId, InviteRecord, Use } from '../domain/invite.ts'
import type { Kept, MemberFact, Tally } from '../domain/slice.ts'
import type { Endpoints } from './endpoints.ts'
import type { Guesses } from './guesses.ts'
import type { Found, Lists } from './lists.ts'
import type { Lease, Outbox } from './outbox.ts'
import type { Reports } from './report.ts'
import type { EventRow, MemberRow, MessageRow } from './rows.ts'
import type { Suppressions } from './suppressions.ts'
import type { Templates } from './templates.ts'

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
  /** Answers kept under these idempotency keys. */
  readonly keys: readonly string[]
  /** Which of these templates (UUIDs) there are: the organization's own and everybody's. */
  readonly templates: readonly string[]
  /** Count live pending invites up to this number; null: not counted, the answer is 0. */
  readonly pending: number | null
  /** Count members up to this number; null: not counted, the answer is 0. */
  readonly seats: number | null
  /** Count the invites and resends of these users since a day ago. */
  readonly inviters: readonly string[]
  /** Count the messages to these marks since a day ago, over all organizations. */
  readonly marks: readonly string[]
  /** And to the marks that messages of these invites had. */
  readonly sentTo: readonly InviteId[]
  /** The time to judge by; null: the storage's own clock. */
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
  /** The ids of those that there are. */
  readonly templates: readonly string[]
  readonly made: ReadonlyMap<string, Tally>
  readonly sends: ReadonlyMap<string, Tally>
}

/** Everything that one commit writes. Each row appears once. */
export interface Changes {
  readonly organizationId: string
  /** The revision that the decisions were made on. A commit on a guess does not look at it. */
  readonly revision: number
  /** Known invites that leave `pending`: they give back their addresses before others take any. */
  readonly ended: readonly InviteRecord[]
  /** Every other known invite that is changed, in this order. */
  readonly changed: readonly InviteRecord[]
  /** New invites. */
  readonly made: readonly InviteRecord[]
  readonly uses: readonly Use[]
  readonly members: readonly MemberRow[]
  readonly kept: readonly Kept[]
  /** Answers of the organization that were kept before this go; null: none. */
  readonly forget: Date | null
  readonly events: readonly EventRow[]
  readonly messages: readonly MessageRow[]
  /** Invites whose stored history details and waiting deliveries go with this commit. */
  readonly erased: readonly InviteId[]
  /** Who holds the new messages from the start, and for how long; null: they are free to be leased. */
  readonly lease: Lease | null
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
  /** True when `within`, and so the host's members functions, must not answer with a promise. */
  readonly synchronous?: boolean
  /** Lends the connection to a synchronous members function, outside of any transaction. */
  lend?<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** One statement, one snapshot, no lock. */
  read(question: Question, tx?: Tx): Promise<Facts>
  /**
   * Writes all of it and bumps the organization's revision, if that is still the one decided on; otherwise writes
   * nothing and answers `conflict`. Exact under any isolation level.
   */
  commit(changes: Changes, options?: CommitOptions<Tx>): Promise<Committed>
  /**
   * Runs `work` while no other process can write to this organization, and again when its transaction left nothing
   * behind, as after a deadlock. Absent where a store has no lock: the caller then relies on `conflict` alone.
   */
  exclusively?<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T>
  /** Absent where a read costs next to nothing. */
  readonly guesses?: Guesses
  /** Bumps the revision whatever it is. */
  touch(organizationId: string, tx?: Tx): Promise<void>
  /** Which organization an invite or a code belongs to. */
  find(by: { readonly id: InviteId } | { readonly codeHashes: readonly string[] }, tx?: Tx): Promise<Found | null>
  readonly lists: Lists<Tx>
  readonly outbox: Outbox & Reports
  readonly suppressions: Suppressions
  readonly endpoints: Endpoints<Tx>
  readonly templates: Templates<Tx>
  /** Adds one to a counter in a fixed window of time (or takes one back), and tells the new count, never below 0. */
  hit(
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
