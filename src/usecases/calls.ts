// Every call of the library. The docstrings here are what an editor shows.
import type { Duration } from '../domain/duration.ts'
import type { InviteEventType } from '../domain/event.ts'
import type { JsonObject } from '../domain/invite.ts'
import type { InviteEvent } from '../ports/events.ts'
import type { Invite } from '../ports/invite.ts'
import type { Actor, Context, InTransaction, OpenContext } from './context.ts'
import type { Pages } from './options.ts'
import type {
  Accepted,
  BulkAnswer,
  Created,
  HistoryEntry,
  ListAnswer,
  Listed,
  MemberView,
  Preview,
  Summary,
} from './replies.ts'
import type { BulkInput, ByToken, ByTokenOrId, CreateInput, ListInput, RecipientInput } from './requests.ts'

/** The calls that manage an organization, and those that a token opens. */
export interface Invites<Role extends string = string, Tx = unknown, Metadata = JsonObject> {
  /**
   * Invites one person, or makes a link for anybody.
   *
   * ```ts
   * const { invite, link } = await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, { actor })
   * ```
   * Throws `already_invited`, `already_member`, `role_not_grantable`, `pending_limit_reached`, `rate_limited`, `invalid_input`, …
   */
  create(input: CreateInput<Role, Metadata>, context: Context<Tx>): Promise<Created<Role, Metadata>>
  /**
   * Invites many people in one commit; each has its own outcome.
   *
   * ```ts
   * const { results } = await invites.createMany({ invites: [{ recipient: { email } }], defaults: { role: 'member' } }, { actor })
   * ```
   * Throws `bulk_too_large` above `limits.bulk`.
   */
  createMany(input: BulkInput<Role, Metadata>, context: Context<Tx>): Promise<BulkAnswer<Role, Metadata>>
  /** One invite of the actor's organization, with its link if asked for. Throws `invite_not_found`. */
  get(
    input: { readonly id: string; readonly include?: readonly 'link'[] | undefined },
    context: Context<Tx>,
  ): Promise<Listed<Role, Metadata>>
  /**
   * One page.
   *
   * ```ts
   * const { data, nextCursor } = await invites.list({ status: 'pending', sort: '-createdAt' }, { actor })
   * ```
   */
  list(input: ListInput<Role>, context: Context<Tx>): Promise<ListAnswer<Role, Metadata>>
  /** All pages, one invite after the other: `for await (const invite of invites.each({}, { actor }))`. */
  each(input: Omit<ListInput<Role>, 'cursor'>, context: Context<Tx>): AsyncIterable<Listed<Role, Metadata>>
  /** The live invites to the actor's verified addresses, in every organization: people lose mails. */
  mine(input: object, context: OpenContext<Tx>): Promise<{ readonly data: readonly Invite<Role, Metadata>[] }>
  /** What a landing page shows. A dead invite answers with its status; an unknown token throws `invite_not_found`. */
  preview(input: ByToken, context?: OpenContext<Tx>): Promise<Preview<Role>>
  /** Marks that a human went on from the link; the first time counts. */
  open(input: { readonly token: string }, context?: OpenContext<Tx>): Promise<void>
  /**
   * Makes the actor a member.
   *
   * ```ts
   * const { member } = await invites.accept({ token }, { actor })
   * ```
   * `role` asserts the role that was shown (`role_changed`). Accepting again is a success that changes nothing.
   * Throws `recipient_mismatch`, `email_unverified`, `invite_expired`, `seat_limit_reached`, `inviter_unauthorized`, …
   */
  accept(
    input: ByTokenOrId & { readonly role?: string | undefined },
    context: InTransaction<Tx> & { readonly actor: Actor; readonly idempotencyKey?: string | undefined },
  ): Promise<Accepted<Role, Metadata>>
  /** Says no. By token nobody needs to be signed in. */
  decline(
    input: ByTokenOrId & { readonly reason?: string | undefined },
    context?: OpenContext<Tx>,
  ): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /** Asks the inviter of an expired or revoked invite for a new one (event `invite.renewal_requested`). */
  renew(input: ByToken, context?: OpenContext<Tx>): Promise<void>
  /** Sends again: the same link, unless `rotate`. The expiry is renewed. */
  resend(
    input: {
      readonly id: string
      /** A new link; the old one stops working. */
      readonly rotate?: boolean | undefined
      readonly channels?: readonly string[] | undefined
      readonly expiresIn?: Duration | null | undefined
    },
    context: Context<Tx>,
  ): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /** Takes a pending or expired invite back. Repeating is a success. */
  revoke(
    input: { readonly id: string; readonly reason?: string | undefined },
    context: Context<Tx>,
  ): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /** Changes a pending invite. Never its address: that is another invite. */
  update(
    input: {
      readonly id: string
      readonly role?: Role | undefined
      readonly expiresIn?: Duration | null | undefined
      readonly metadata?: Metadata | undefined
      readonly recipient?: Omit<RecipientInput, 'email' | 'phone'> | undefined
    },
    context: Context<Tx>,
  ): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /** The link of a pending invite, for a copy button; only for those who may grant its role. */
  link(input: { readonly id: string }, context: Context<Tx>): Promise<{ readonly link: string; readonly code?: string }>
  /** What happened to one invite, oldest first. */
  history(
    input: { readonly id: string; readonly cursor?: string | undefined },
    context: Context<Tx>,
  ): Promise<{ readonly data: readonly HistoryEntry[]; readonly nextCursor: string | null }>
  /** Numbers for a members page. */
  summary(input: object, context: Context<Tx>): Promise<Summary<Role>>
  /** Deletes personal data: of one invite, or (`'system'` only) of one address in every organization. */
  erase(
    input: { readonly id: string } | { readonly email: string } | { readonly phone: string },
    context: Context<Tx> | { readonly actor: 'system'; readonly organizationId?: string | undefined },
  ): Promise<{ readonly erased: number }>
  /** The built-in member table. With `members` of your own these throw; only `list` asks your port. */
  readonly members: {
    add(
      input: { readonly userId: string; readonly role: Role; readonly email?: string | undefined },
      context: Context<Tx>,
    ): Promise<{ readonly member: MemberView<Role> }>
    setRole(
      input: { readonly userId: string; readonly role: Role },
      context: Context<Tx>,
    ): Promise<{ readonly member: MemberView<Role> }>
    /** Removing somebody who is no member is a success. */
    remove(input: { readonly userId: string }, context: Context<Tx>): Promise<void>
    list(
      input: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
      context: Context<Tx>,
    ): Promise<{ readonly data: readonly MemberView<Role>[]; readonly nextCursor: string | null }>
  }
  /**
   * Call it first in a transaction of yours that changes members, then count and insert: what was decided on the old
   * members is then decided again.
   */
  touch(input: { readonly organizationId: string }, context: InTransaction<Tx>): Promise<void>
  /** Writes down what has expired, in batches; reads never need it. Answers how many. */
  sweep(input?: { readonly batch?: number | undefined }): Promise<{ readonly expired: number }>
  /** Makes or completes the tables. Safe when several processes start at once. */
  migrate(): Promise<void>
  /** Stops the relay, and closes what this library opened itself. */
  close(): Promise<void>
  /**
   * Hears of events in the process whose relay delivers them, after commit; for what matters use a sink.
   * Answers the function that ends it. `'*'` hears all.
   */
  on(type: InviteEventType | '*', listener: (event: InviteEvent<Role>) => void | Promise<void>): () => void
  readonly relay: Relay
  /** What mounts and pages need to know of the options. */
  readonly config: Config<Role>
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
