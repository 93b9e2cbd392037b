// Calls for whoever runs the app: tables, upkeep, delivery.
import type { InviteEventType } from '../../domain/event.ts'
import type { InviteEvent } from '../../ports/events.ts'
import type { InTransaction } from '../context.ts'
import type { Pages } from '../options.ts'

export interface Running<Role extends string, Tx> {
  /**
   * Makes or completes the tables. Safe when several processes start at once.
   *
   * ```ts
   * await invites.migrate()
   * ```
   */
  migrate(): Promise<void>
  /**
   * Call it first in a transaction of yours that changes members, then count and insert: what was decided on the old
   * members is then decided again.
   *
   * ```ts
   * await invites.touch({ organizationId }, { tx })
   * ```
   */
  touch(input: { readonly organizationId: string }, context: InTransaction<Tx>): Promise<void>
  /**
   * Writes down what has expired, in batches (default 500). Reads and limits never need it.
   *
   * ```ts
   * const { expired } = await invites.sweep()
   * ```
   */
  sweep(input?: { readonly batch?: number | undefined }): Promise<{ readonly expired: number }>
  /** Stops the relay, and closes what this library opened itself. */
  close(): Promise<void>
  /**
   * Hears of events (`'*'`: of all) after commit, in the process whose relay delivers them; for what matters use a sink.
   * Answers the function that ends it.
   *
   * ```ts
   * const off = invites.on('invite.accepted', event => console.log(event.data.invite.id))
   * ```
   */
  on(type: InviteEventType | '*', listener: (event: InviteEvent<Role>) => void | Promise<void>): () => void
  readonly relay: Relay
  /** What mounts and pages need to know of the options. */
  readonly config: Config<Role>
}

/** Delivers what was committed. Any number of processes may run one. */
export interface Relay {
  /** Looks for due messages from now on, retries included. */
  start(): void
  /** Finishes what is under way, then rests. */
  stop(): Promise<void>
  /** Delivers everything that is due, and waits for it: for cron and serverless. Answers how many were handed over. */
  drain(): Promise<{ readonly delivered: number; readonly failed: number }>
  /** Milliseconds that the oldest due message has been waiting; 0 when none is. */
  lag(): Promise<number>
  /** Makes a failed delivery due again, by its id. */
  redeliver(id: string): Promise<boolean>
}

export interface Config<Role extends string = string> {
  /** Without a slash at the end. */
  readonly publicUrl: string
  readonly roles: readonly Role[]
  readonly pages: Pages
  readonly trustedOrigins: readonly string[]
  readonly onError: (error: unknown, context: { readonly where: string }) => void
  /** False when members are the host's and its port cannot list them. */
  readonly listsMembers: boolean
  /** Adds one to a counter in a fixed window of time, for limits on public routes. `retryAfter` is in whole seconds. */
  hit(counter: string, windowMs: number, by?: 1 | -1): Promise<{ readonly count: number; readonly retryAfter: number }>
}
