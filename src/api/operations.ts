// Calls for whoever runs the app: tables, upkeep, delivery.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteEvent } from '../ports/sink.ts'
import type { Callback, Report } from '../ports/transport.ts'
import type { InTransaction } from './context.ts'
import type { Pages } from './options.ts'

export interface OperationCalls<Role extends string, Tx> {
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
   * Writes down what has expired, and sends the reminders that are due, in batches (default 500). Reads and limits never
   * need it. A relay that is started or drained does the same where `reminders` and `expiryNotices` ask for it. The oldest
   * come first, and a commit is of one organization and at most 100 invites; an organization that cannot be written to is
   * told of by `onError` and passed over.
   *
   * ```ts
   * const { expired, reminded } = await invites.sweep()
   * ```
   */
  sweep(input?: { readonly batch?: number | undefined }): Promise<{ readonly expired: number; readonly reminded: number }>
  /**
   * What your provider says of a message, when it does not say it to `POST /callbacks/:transport`. Reports may come late,
   * twice and in any order: a delivery only moves on (sent, failed, delivered, bounced, complained), and a repeat writes
   * nothing. A bounce, a complaint and a failure add `invite.delivery_failed` to the history and the sinks; a complaint
   * also suppresses the address for that organization. `known` is false for a message that is none of ours.
   *
   * ```ts
   * await invites.report({ messageId: '<0192…@acme.example>', status: 'bounced', failure: 'no such mailbox (550)' })
   * ```
   * Throws `invalid_input`, also for a `failure` with a link or an address in it: the provider's own text is not to be kept.
   */
  report(input: Report): Promise<{ readonly known: boolean }>
  /** What `POST /callbacks/:transport` does: hands a provider's request to its transport, and acts on what it says. */
  receive(callback: Callback & { readonly transport: string }): Promise<CallbackAnswer>
  /**
   * Stops the relay, and closes transports, sinks and what this library opened itself, unless other invites use them, too.
   * From then on every call is `unavailable`; those under way end as they do. To repeat it does no harm.
   */
  close(): Promise<void>
  /**
   * Hears of events (`'*'`: of all) after commit, in the process whose relay delivers them, from now on; for what matters
   * use a sink.
   * Each listener is given an event of its own. Answers the function that ends it. A listener that awaits `relay.drain()`
   * or `relay.stop()` waits for itself.
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
  /** What mounts and pages need to know of the options. */
  readonly config: Config<Role>
}

/** `refused`: its signature is not good. `unknown`: no transport of this name reads callbacks. */
export type CallbackAnswer = 'taken' | 'refused' | 'unknown'

/**
 * Delivers what was committed, at least once. Any number of processes may run one: a message is leased, by one at a time,
 * and who has lost its lease can say nothing of it any more. Every try of a message has the same id: a mail's `Message-ID`,
 * a webhook's `webhook-id`. Whether it is still to be sent is asked no more than a tenth of a second before it is written:
 * a revocation that comes after that is crossed by it.
 */
export interface Relay {
  /**
   * Looks for due messages from now on, retries included: each `poll`, and on Postgres as soon as another process has
   * committed some, heard over one connection beside the pool's.
   */
  start(): void
  /**
   * Finishes what is under way, gives back what was leased and not begun, and rests. What takes longer than 5 s is told to
   * end by its `signal`; what does not end then is left to its lease, as after a crash. The database may take longer.
   */
  stop(): Promise<void>
  /**
   * Delivers everything that is due, and waits for it and for what was under way: for cron, serverless and queues. Answers
   * how many were handed over and how many of these tries failed. Throws when the database does not answer.
   */
  drain(): Promise<{ readonly delivered: number; readonly failed: number }>
  /** Milliseconds that the oldest due message has been waiting; 0 when none is. */
  lag(): Promise<number>
  /** Makes a failed delivery due again, by its id. */
  redeliver(id: string): Promise<boolean>
  /**
   * Switches a sink on again that was switched off because its receiver was gone (`summary` names it, a webhook says so by
   * 410). What happened meanwhile is in the history and is not sent later. False when it was on.
   */
  enable(name: string): Promise<boolean>
}

export interface Config<Role extends string = string> {
  /** Without a slash at the end. */
  readonly publicUrl: string
  readonly roles: readonly Role[]
  readonly pages: Pages
  readonly trustedOrigins: readonly string[]
  /** Where a page may send people, from what the host said: a path of this site or an absolute address; null for anything else. */
  safeRedirect(place: unknown): string | null
  readonly onError: (error: unknown, context: { readonly where: string }) => void
  /** False when members are the host's and its port cannot list them. */
  readonly listsMembers: boolean
  /** Adds one to a counter in a fixed window of time, for limits on public routes. `retryAfter` is in whole seconds. */
  incrementCounter(
    counter: string,
    windowMs: number,
    by?: 1 | -1,
  ): Promise<{ readonly count: number; readonly retryAfter: number }>
}
