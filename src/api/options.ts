// The options of createInvites: one flat object. Each field says what it does, its default and its unit.
import type { PhoneParser } from '../domain/address.ts'
import type { Acceptance } from '../domain/decide/decision.ts'
import type { Duration } from '../domain/duration.ts'
import type { Limits } from '../domain/limits.ts'
import type { Reminder } from '../domain/reminders.ts'
import type { defaultRoles, RoleRules } from '../domain/roles.ts'
import type { Directory } from '../ports/directory.ts'
import type { MembersPort } from '../ports/members.ts'
import type { MetadataSchema } from '../ports/metadata-schema.ts'
import type { NoticeFacts, Render, Rendered } from '../ports/render.ts'
import type { Sink } from '../ports/sink.ts'
import type { Storage } from '../ports/storage/storage.ts'
import type { Transport } from '../ports/transport.ts'

type MaybePromise<T> = T | Promise<T>

/** Where the built-in pages send people, and the brand that pages and mails show. */
export interface Pages {
  /**
   * Your sign-in page: a path or URL with `{returnTo}` in it, or a function that answers one. After signing in, send the
   * person back to `returnTo`, where the invite continues. Default: none; the landing page then asks to sign in to your app first.
   */
  readonly signIn?: string | ((page: { readonly returnTo: string }) => string) | undefined
  /** Your sign-up page, for addresses that `directory.hasAccount` does not know. Takes what `signIn` takes. Default: `signIn`. */
  readonly signUp?: string | ((page: { readonly returnTo: string }) => string) | undefined
  /**
   * Where the landing page sends people once they have accepted: a path or URL, or a function of who joined what. Default:
   * they stay on the landing page. A function of `pages` that throws or answers no URL is reported to `onError`, and the
   * page is shown without that link.
   */
  readonly afterAccept?:
    | string
    | ((accepted: { readonly organizationId: string; readonly userId: string; readonly role: string }) => string)
    | undefined
  /**
   * The name and look of your product, on pages and in mails. `name` has at most 100 characters, `color` is `#rrggbb`, and
   * `logoUrl` is an https address. Default: none.
   */
  readonly brand?: { readonly name?: string; readonly color?: string; readonly logoUrl?: string } | undefined
}

/** Mails to inviters whose invite expired unanswered. */
export interface ExpiryNotices {
  /**
   * Your page on which the inviter can send the invite again: a path or URL, or a function that answers one. Default: the
   * mail has no link.
   */
  readonly page?: string | ((expired: { readonly organizationId: string; readonly inviteId: string }) => string) | undefined
  /** Writes the mail. Where it answers `undefined`, the built-in layout is used. Default: the built-in layout. */
  readonly render?: ((facts: NoticeFacts) => Rendered | undefined | Promise<Rendered | undefined>) | undefined
}

/** How this process delivers messages from the outbox. */
export interface RelayOptions {
  /**
   * Whether this process delivers what its own calls commit: `true` at once and beside the call, `'await'` before the
   * call answers, `false` leaves it to a process that runs `relay.start()`. Default `true`.
   */
  readonly inline?: boolean | 'await' | undefined
  /**
   * How long a message is leased to the process that sends it: milliseconds or a text, at least a second and at most 24
   * days. An attempt may take four fifths of it. When the lease expires unsettled, because the process crashed or hung,
   * another process may send the message. Default `'30s'`.
   */
  readonly lease?: Duration | undefined
  /**
   * How often a started relay polls for due messages: retries, scheduled messages, and commits of other processes that it was
   * not notified of. Milliseconds or a text, at most 24 days. Default `'5s'`.
   */
  readonly poll?: Duration | undefined
  /** How many messages are leased at once, at most. Fewer are leased for slow transports. Default 50. */
  readonly batch?: number | undefined
  /**
   * Attempts until a message is given up. An attempt during which its process crashed counts too; when it was the last one,
   * there is one more, because its outcome is unknown. Default 10.
   */
  readonly maxAttempts?: number | undefined
  /**
   * Keeps a serverless function alive until its messages are delivered: it gets the promise of the delivery, as the
   * platform's own `waitUntil` does. Default: none.
   */
  readonly waitUntil?: ((delivery: Promise<unknown>) => void) | undefined
}

/** Each role may grant only roles that are defined beside it. */
type KnownGrants<Roles> = {
  readonly [Role in keyof Roles]: { readonly grants?: readonly Extract<keyof Roles, string>[] | undefined }
}

/** The role names of a set of rules, as a union type. */
export type RoleOf<Rules> = Extract<keyof Rules, string>

/** The options of `createInvites`. Three are required: `storage`, `keys` and `publicUrl`. */
export interface InvitesOptions<
  Tx,
  Roles extends RoleRules = typeof defaultRoles,
  Metadata = unknown,
  Sync extends boolean = boolean,
  MetadataInput = unknown,
> {
  /** Where invites and messages are stored: `sqliteStorage`, `postgresStorage`, `memoryStorage`, or your own. Required. */
  readonly storage: Storage<Tx> & { readonly synchronous?: Sync }
  /**
   * Secrets that tokens are derived from, each of at least 32 bytes: hex or base64url text, or bytes. The first signs, all
   * verify; to rotate, put a new one in front. `openssl rand -hex 32` makes one. Required.
   */
  readonly keys: readonly [string | Uint8Array, ...(string | Uint8Array)[]] | readonly (string | Uint8Array)[]
  /**
   * The URL at which the router is reachable from outside, such as `https://app.example.com/invites`. Links are built from
   * it, never from a Host header. Required.
   */
  readonly publicUrl: string
  /**
   * What sends the messages of each channel: `{ email: smtpTransport(…) }`. Default: none; `create` then sends nothing and
   * answers the link.
   */
  readonly transports?: { readonly [channel: string]: Transport } | undefined
  /** The roles of your app, and which roles each may grant. Default: owner, admin, member, viewer. */
  readonly roles?: (Roles & KnownGrants<Roles>) | undefined
  /**
   * Limits of each organization: an object, or a function of the organization's id, which has 10 seconds to answer. A limit
   * of 0 allows nothing; one that is left out does not apply. Default: none but `bulk`, which is 50.
   */
  readonly limits?: Limits | ((organizationId: string) => MaybePromise<Limits>) | undefined
  /**
   * How long an invite can be accepted: milliseconds or a text, from 1 second to 10 years. `null`: it never expires.
   * Default `'7d'`.
   */
  readonly expiresIn?: Duration | null | undefined
  /**
   * Who may accept. `'match'`: a signed-in user with a verified address equal to the recipient's. `'session'`: any signed-in
   * user who has the token. Default `'match'`.
   */
  readonly acceptance?: Acceptance | undefined
  /** Functions over your own member table. Default: the built-in member table, with `invites.members`. */
  readonly members?: MembersPort<RoleOf<Roles>, Tx, Sync> | undefined
  /** Looks up names of organizations and users for mails and pages. Default: none, and organizations have no name. */
  readonly directory?: Directory | undefined
  /**
   * The pattern of links. Placeholders: `{publicUrl}`, `{token}`, `{code}`, `{id}` and `{sign}` (`sign-up` or `sign-in`); one
   * of `{token}` and `{code}` is needed. Default `'{publicUrl}/i/{token}'`.
   */
  readonly linkPattern?: string | undefined
  /** ISO 3166 country (`'DE'`) of phone numbers without a country code. Default: none, and such numbers are refused. */
  readonly defaultCountry?: string | undefined
  /** Parses phone numbers to E.164. Default: libphonenumber-js, loaded with the first number. */
  readonly phone?: PhoneParser | undefined
  /** Where events are published, such as `webhookSink(…)`. Each needs a name of its own. Default: none. */
  readonly sinks?: readonly Sink[] | undefined
  /** Where the built-in pages send people, and the brand that they show. Default: none of it. */
  readonly pages?: Pages | undefined
  /**
   * When recipients who have not answered get a reminder: `{ after: '3d' }` counts from the send, `{ before: '1d' }` back
   * from the expiry. At most 20. They are sent by `relay.start()`, `relay.drain()` and `sweep()`. Default: none.
   */
  readonly reminders?: readonly Reminder[] | undefined
  /**
   * Whether inviters get a mail when a personal invite of theirs expired unanswered. It goes to the address that
   * `directory.user` answers, by `transports.email`; both are needed. The mails are sent by `relay.start()`, `relay.drain()`
   * and `sweep()`. Default `false`.
   */
  readonly expiryNotices?: boolean | ExpiryNotices | undefined
  /** Writes every message. Default: the built-in layout, as text and HTML. */
  readonly render?: Render | undefined
  /**
   * Checks `metadata` and gives it a type: any Standard Schema (zod, valibot, arktype), which has 10 seconds to answer. What
   * it answers is stored, so it must be JSON, without `Date`. Default: any JSON object.
   */
  readonly metadata?: MetadataSchema<Metadata, MetadataInput> | undefined
  /** Further origins whose pages may call the router with a cookie. Default: only the origin of `publicUrl`. */
  readonly trustedOrigins?: readonly string[] | undefined
  /** How this process delivers messages. Default: at once, beside the call that committed them. */
  readonly relay?: RelayOptions | undefined
  /**
   * Called with errors in the background: once in an outage of a transport or sink, and for each message that is given up.
   * What it throws is ignored. Default: `console.error`.
   */
  readonly onError?: OnError | undefined
  /**
   * The current time, for everything but leases. It is called once when the invites are made. Default: the storage's clock
   * for decisions and deliveries, this process's for what is shown; keep the two in step, with NTP.
   */
  readonly clock?: (() => Date) | undefined
}

/** Gets errors of the background; `where` names the part that failed. */
export type OnError = (error: unknown, context: { readonly where: string }) => void
