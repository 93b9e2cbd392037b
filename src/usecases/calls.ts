// Every call of the library: what goes in, what comes out. The docstrings here are what an editor shows.
import type { Duration } from '../domain/duration.ts'
import type { InviteEventType } from '../domain/event.ts'
import type { InviteStatus, JsonObject } from '../domain/invite.ts'
import type { RejectionCode } from '../domain/rejection.ts'
import type { InviteEvent } from '../ports/events.ts'
import type { Invite } from '../ports/invite.ts'
import type { InviteError } from './error.ts'
import type { Pages } from './options.ts'

/** An e-mail comes with the host's word on whether it is verified: nothing else can tell. */
type WithEmail =
  | { readonly email?: string | null | undefined; readonly emailVerified: boolean }
  | { readonly email?: null | undefined; readonly emailVerified?: boolean | undefined }

/**
 * Who makes the call, from your own authentication, never from a request's body.
 * An API key has `userId: null`; an invitee needs no organization and no role; a role that is not yours grants nothing.
 */
export type Actor = WithEmail & {
  readonly userId: string | null
  readonly organizationId?: string | null | undefined
  readonly role?: string | null | undefined
  /** E.164, or as your parser understands it. */
  readonly phone?: string | null | undefined
  readonly phoneVerified?: boolean | undefined
  /** Shown as the inviter when there is no `directory.user`. */
  readonly name?: string | null | undefined
}

/** `tx` joins your transaction: nothing is begun, committed or sent before you commit. */
export interface InTransaction<Tx> {
  readonly tx?: Tx | undefined
}

/** Who calls, in whose organization, in which transaction. `'system'` is your own code: limits apply to it, roles do not. */
export type Context<Tx> = InTransaction<Tx> & {
  /** The same key and input answer the same for 24 hours, whatever happened to the first answer. */
  readonly idempotencyKey?: string | undefined
} & (
    | { readonly actor: Actor; readonly organizationId?: undefined }
    | { readonly actor: 'system'; readonly organizationId: string }
  )

/** For calls that a token opens: without an actor, whoever holds the token. */
export type OpenContext<Tx> = InTransaction<Tx> & { readonly actor?: Actor | null | undefined }

export interface RecipientInput {
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly fullName?: string | null | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  /** A BCP 47 tag such as `pt-BR`. */
  readonly locale?: string | null | undefined
}

interface CreateTerms<Role extends string, Metadata> {
  readonly role: Role
  /** Milliseconds or `'7d'`; `null` never expires. Default: the option `expiresIn`. */
  readonly expiresIn?: Duration | null | undefined
  /** Also make a short code that people can type. */
  readonly code?: boolean | undefined
  /** `false` makes the invite and sends nothing: the link is yours to hand over. Default `true`. */
  readonly send?: boolean | undefined
  /** Default: every transport that has an address to write to. */
  readonly channels?: readonly string[] | undefined
  readonly templateId?: string | undefined
  /** Texts for this invite alone. */
  readonly template?: JsonObject | undefined
  /** An id of yours, to search by. */
  readonly externalId?: string | undefined
  /** Yours: listed and emitted. */
  readonly metadata?: Metadata | undefined
  /** Yours and private: handed to `members.add`, never listed, emitted or sent. */
  readonly extra?: JsonObject | undefined
  /** What to do when a pending invite holds the address. Default `'error'`. */
  readonly ifPending?: 'error' | 'return' | 'resend' | undefined
  readonly linkPattern?: string | undefined
}

export type CreateInput<Role extends string = string, Metadata = JsonObject> = CreateTerms<Role, Metadata> &
  (
    | {
        readonly kind?: 'personal' | undefined
        readonly recipient: RecipientInput
        /** Language of the message, unless the recipient says. */
        readonly locale?: string | undefined
        readonly maxUses?: undefined
      }
    | {
        /** For whoever holds the link. */
        readonly kind: 'open'
        /** 1 to 1,000,000; absent = no end. */
        readonly maxUses?: number | undefined
        readonly recipient?: undefined
        readonly locale?: undefined
      }
  )

export interface Created<Role extends string, Metadata> {
  readonly invite: Invite<Role, Metadata>
  readonly link: string
  readonly code?: string
  readonly outcome: 'created' | 'existing' | 'resent'
}

export interface BulkInput<Role extends string, Metadata> {
  readonly invites: readonly (Partial<CreateTerms<Role, Metadata>> & { readonly recipient: RecipientInput; readonly locale?: string | undefined })[]
  /** Terms of every invite that does not say otherwise. */
  readonly defaults?: Partial<CreateTerms<Role, Metadata>> | undefined
  /** Decide, answer, write nothing. */
  readonly dryRun?: boolean | undefined
}

export interface BulkResult<Role extends string, Metadata> {
  readonly index: number
  readonly outcome: 'created' | 'existing' | 'resent' | 'skipped' | 'rejected'
  readonly invite?: Invite<Role, Metadata>
  readonly link?: string
  readonly code?: string
  /** Why it was skipped or rejected. */
  readonly error?: InviteError['facts']
}

export interface BulkAnswer<Role extends string, Metadata> {
  readonly created: number
  readonly skipped: number
  readonly rejected: number
  readonly results: readonly BulkResult<Role, Metadata>[]
}

/** Exactly one of them names the invite. */
export type ByToken = { readonly token: string } | { readonly code: string }
export type ByTokenOrId = ByToken | { readonly id: string }

export interface ListInput<Role extends string = string> {
  readonly status?: InviteStatus | readonly InviteStatus[] | undefined
  readonly role?: Role | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
  /** A part of an address or name, in any case. */
  readonly q?: string | undefined
  readonly inviterId?: string | undefined
  readonly externalId?: string | undefined
  /** From (inclusive), to (exclusive). */
  readonly created?: { readonly from?: Date | string | undefined; readonly to?: Date | string | undefined } | undefined
  readonly expires?: { readonly from?: Date | string | undefined; readonly to?: Date | string | undefined } | undefined
  /** Default `'-createdAt'`, newest first. */
  readonly sort?: 'createdAt' | '-createdAt' | 'expiresAt' | '-expiresAt' | 'updatedAt' | '-updatedAt' | undefined
  /** 1 to 200. Default 50. */
  readonly limit?: number | undefined
  readonly cursor?: string | undefined
  /** `total` counts up to 10,000; `link` adds the link of each pending invite whose role the actor may grant. */
  readonly include?: readonly ('total' | 'link')[] | undefined
}

export type Listed<Role extends string, Metadata> = Invite<Role, Metadata> & { readonly link?: string }

export interface ListAnswer<Role extends string, Metadata> {
  readonly data: readonly Listed<Role, Metadata>[]
  /** Null on the last page. */
  readonly nextCursor: string | null
  readonly total?: number
}

/** What a page may show of an invite before anybody accepts. Consumes nothing. */
export interface Preview<Role extends string> {
  readonly id: string
  readonly organization: { readonly id: string; readonly name: string | null }
  readonly inviter: { readonly name: string | null }
  readonly role: Role
  readonly kind: 'personal' | 'open'
  /** Masked; null for an open invite. */
  readonly recipient: string | null
  readonly locale: string | null
  readonly status: InviteStatus
  readonly expiresAt: Date | null
  /** What this person would do next; null when the invite is dead. */
  readonly next: 'accept' | 'sign_in' | 'sign_up' | null
}

export interface Accepted<Role extends string, Metadata> {
  readonly invite: Invite<Role, Metadata>
  /** Null when the person accepted before and was removed since. */
  readonly member: { readonly userId: string; readonly role: Role } | null
  /** True when this person had accepted already. */
  readonly repeated: boolean
}

export interface HistoryEntry {
  readonly id: string
  readonly sequence: number
  readonly type: InviteEventType
  readonly at: Date
  readonly actor: { readonly userId: string } | null
  readonly previousStatus: InviteStatus | null
}

export interface Summary<Role extends string> {
  readonly pending: { readonly used: number; readonly limit: number | null }
  readonly seats: { readonly used: number; readonly limit: number | null }
  /** The roles that this actor may grant. */
  readonly grants: readonly Role[]
  readonly statuses: Readonly<Record<InviteStatus, number>>
  /** The last 30 days, oldest first (UTC). */
  readonly days: readonly { readonly day: string; readonly sent: number; readonly opened: number; readonly accepted: number }[]
  /** Pending invites whose last message did not arrive. */
  readonly problems: number
}

export interface MemberView<Role extends string = string> {
  readonly userId: string
  readonly role: Role
  readonly email?: string | null
  readonly name?: string | null
}

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
  /** One invite of the actor's organization. Throws `invite_not_found`. */
  get(input: { readonly id: string }, context: Context<Tx>): Promise<Invite<Role, Metadata>>
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
  on(
    type: InviteEventType | '*',
    listener: (event: InviteEvent<Role>) => void | Promise<void>,
  ): () => void
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
  /** Adds one to a counter in a fixed window of time: for limits on public routes. */
  hit(counter: string, windowMs: number): Promise<{ readonly count: number; readonly resetsAt: Date }>
}

export interface Relay {
  /** Looks for due messages from now on, retries included. */
  start(): void
  /** Finishes what is under way, then rests. */
  stop(): Promise<void>
  /** Delivers everything that is due, and waits for it: for cron and serverless. Answers how many were handed over. */
  drain(): Promise<{ readonly delivered: number; readonly failed: number }>
  /** Makes a failed delivery due again, by its id. */
  redeliver(id: string): Promise<boolean>
}

export type { InviteError, RejectionCode }
