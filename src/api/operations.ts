// Calls for operating the library: migrations, maintenance, delivery, events.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteEvent } from '../ports/sink.ts'
import type { Callback, Report } from '../ports/transport.ts'
import type { InTransaction } from './context.ts'
import type { Pages } from './options.ts'

export interface OperationCalls<Role extends string, Tx> {
  /**
   * Creates or upgrades the tables. Safe when several processes start at once.
   *
   * ```ts
   * await invites.migrate()
   * ```
   */
  migrate(): Promise<void>
  /**
   * Call it first in your own transaction that adds or removes members; then count and insert. Decisions made on the members
   * before it conflict and are made again, so that limits on seats stay exact.
   *
   * ```ts
   * await invites.touch({ organizationId }, { tx })
   * ```
   */
  touch(input: { readonly organizationId: string }, context: InTransaction<Tx>): Promise<void>
  /**
   * Stores which invites have expired, and queues the reminders that are due: all of them, the oldest first, read `batch` at a
   * time (1 to 10,000, default 500). Reads and limits do not depend on it. With the options `reminders` or `expiryNotices` a started or drained relay
   * does the same. One commit has at most 100 invites of one organization; an organization that cannot be written to is
   * reported to `onError` and skipped.
   *
   * ```ts
   * const { expired, reminded } = await invites.sweep()
   * ```
   */
  sweep(input?: { readonly batch?: number | undefined }): Promise<{ readonly expired: number; readonly reminded: number }>
  /**
   * Records a provider's report on a message, when the provider does not call `POST /callbacks/:transport`. Reports may come
   * late, twice and in any order: a delivery's status only moves up (sent, failed, delivered, bounced, complained), and a
   * repeat writes nothing. A bounce, a complaint and a failure add `invite.delivery_failed` to the history and the sinks; a
   * complaint also suppresses the address for that organization. `known` is false when there is no such message.
   *
   * ```ts
   * await invites.report({ messageId: '<0192…@acme.example>', status: 'bounced', failure: 'no such mailbox (550)' })
   * ```
   * Throws `invalid_input`, also for a `failure` that contains a link or an address: do not pass the provider's own text.
   */
  report(input: Report): Promise<{ readonly known: boolean }>
  /** What `POST /callbacks/:transport` does: lets the transport read a provider's request, and records its reports. */
  receive(callback: Callback & { readonly transport: string }): Promise<CallbackAnswer>
  /**
   * Stops the relay, and closes transports, sinks and what this library opened itself, unless other invites use them, too.
   * Afterwards every call fails as `unavailable`; calls that are running finish. Repeating it is harmless.
   */
  close(): Promise<void>
  /**
   * Calls `listener` for every event of this type (`'*'`: of all) after commit, in the process whose relay delivers it. An
   * error in it goes to `onError` and the event is not repeated: use a sink where no event may be lost. Returns a function
   * that removes the listener. Do not await `relay.drain()` or `relay.stop()` in a listener: they wait for it.
   *
   * ```ts
   * const off = invites.on('invite.accepted', event => console.log(event.data.invite.id))
   * ```
   */
  on<Type extends InviteEventType | '*'>(
    type: Type,
    listener: (event: InviteEvent<Role, Type extends InviteEventType ? Type : InviteEventType>) => void | Promise<void>,
  ): () => void
  readonly relay: Relay
  /** The options that mounts and pages need. */
  readonly config: Config<Role>
}

/** `refused`: its signature is not valid. `unknown`: no transport of this name reads callbacks. */
export type CallbackAnswer = 'taken' | 'refused' | 'unknown'

/**
 * Delivers committed messages, at least once. Any number of processes may run one: a message is leased by one at a time, and
 * a relay whose lease has expired cannot settle it. Every attempt of a message has the same id: a mail's `Message-ID`, a
 * webhook's `webhook-id`. Lease and invite are checked at most 100 ms before a message is sent; it is sent in spite of a
 * revocation that comes later than that check.
 */
export interface Relay {
  /**
   * Starts delivering due messages, retries included: at every `poll`, and on Postgres as soon as another process commits
   * some, for which it listens on one connection outside of the pool.
   */
  start(): void
  /**
   * Stops: finishes running attempts and releases messages that were leased but not begun. An attempt that takes longer than
   * 5 s is aborted by its `signal`; if it does not end, its message is sent again when the lease expires, as after a crash.
   * Waiting for the database can take longer.
   */
  stop(): Promise<void>
  /**
   * Delivers everything that is due and waits until it is done: for cron, serverless and queues. `delivered` counts the
   * messages that were accepted, `failed` the attempts that failed. Throws when the database does not answer.
   */
  drain(): Promise<{ readonly delivered: number; readonly failed: number }>
  /** How long the oldest due message has been waiting, in milliseconds; 0 when there is none. */
  lag(): Promise<number>
  /** Makes a failed delivery due again, by its id. False when there is no such failed delivery. */
  redeliver(id: string): Promise<boolean>
  /**
   * Enables a sink that was disabled because its receiver was gone (a webhook that answered 410; `summary` lists it). Events
   * of the meantime are in the history and are not sent later. False when it was not disabled.
   */
  enable(name: string): Promise<boolean>
}

export interface Config<Role extends string = string> {
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly roles: readonly Role[]
  readonly pages: Pages
  readonly trustedOrigins: readonly string[]
  /** A redirect target from the host's options, if it is a path of this site or an absolute web address; otherwise null. */
  safeRedirect(target: unknown): string | null
  readonly onError: (error: unknown, context: { readonly where: string }) => void
  /** False when the host has its own member table and its port has no `list`. */
  readonly listsMembers: boolean
  /** Adds `by` (default 1) to a counter of a fixed window of time, for rate limits. `retryAfter` is in whole seconds. */
  incrementCounter(
    counter: string,
    windowMs: number,
    by?: 1 | -1,
  ): Promise<{ readonly count: number; readonly retryAfter: number }>
}
