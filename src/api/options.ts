// The options of createInvites: one flat object, every field with its default and unit.
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

/** Where the landing page sends people. */
export interface Pages {
  /**
   * The host's sign-in: a path or URL with `{returnTo}` in it, or a function. After signing in the host sends the person
   * back to `returnTo`, and the invite goes on.
   */
  readonly signIn?: string | ((page: { readonly returnTo: string }) => string) | undefined
  /** The host's sign-up, for addresses that `directory.hasAccount` does not know. Default: `signIn`. */
  readonly signUp?: string | ((page: { readonly returnTo: string }) => string) | undefined
  /**
   * Where to go once accepted: a path or URL, or a function of who joined what. Functions of `pages` that fail, or answer
   * neither, are told to `onError`, and the page does without.
   */
  readonly afterAccept?:
    | string
    | ((accepted: { readonly organizationId: string; readonly userId: string; readonly role: string }) => string)
    | undefined
  /** The product's name (at most 100 characters) and looks. `color` is `#rrggbb`; `logoUrl` an https address, for mails too. */
  readonly brand?: { readonly name?: string; readonly color?: string; readonly logoUrl?: string } | undefined
}

/** Mails to inviters whose invite expired unanswered. */
export interface ExpiryNotices {
  /** Your page to send the invite again on: a path or URL, or a function of the invite. Default: the mail has no link. */
  readonly page?: string | ((expired: { readonly organizationId: string; readonly inviteId: string }) => string) | undefined
  /** Writes the mail itself. `undefined` leaves it to the built-in layout. */
  readonly render?: ((facts: NoticeFacts) => Rendered | undefined | Promise<Rendered | undefined>) | undefined
}

export interface RelayOptions {
  /**
   * Whether this process delivers what its own calls commit: `true` at once and beside the call, `'await'` before the
   * call answers, `false` leaves it to a process that runs `relay.start()`. Default `true`.
   */
  readonly inline?: boolean | 'await' | undefined
  /**
   * How long a message is held while it is handed over, at least a second. A try may take four fifths of it. What its
   * holder never settled, because it died or hung, is free for others when this is over. Default `'30s'`.
   */
  readonly lease?: Duration | undefined
  /**
   * How often a started relay looks for due messages: what falls due by itself, and what nobody told it of. Default `'5s'`.
   */
  readonly poll?: Duration | undefined
  /** Messages taken at once, at most; slow transports are given fewer. Default 50. */
  readonly batch?: number | undefined
  /**
   * Tries until a message is given up. A try that its process did not survive counts too; when that was the last, there is
   * one more, for nobody can say that it failed. Default 10.
   */
  readonly maxAttempts?: number | undefined
  /** Keeps a serverless function alive until what it committed is delivered. */
  readonly waitUntil?: ((delivery: Promise<unknown>) => void) | undefined
}

/** What a role grants is a role too. */
type KnownGrants<Roles> = {
  readonly [Role in keyof Roles]: { readonly grants?: readonly Extract<keyof Roles, string>[] | undefined }
}

/** The role names of a set of rules, as a union type. */
export type RoleOf<Rules> = Extract<keyof Rules, string>

export interface InvitesOptions<
  Tx,
  Roles extends RoleRules = typeof defaultRoles,
  Metadata = unknown,
  Sync extends boolean = boolean,
  MetadataInput = unknown,
> {
  /** `sqliteStorage`, `postgresStorage`, `memoryStorage`, or your own. */
  readonly storage: Storage<Tx> & { readonly synchronous?: Sync }
  /**
   * Secrets that tokens are derived from: base64url or hex text of at least 32 bytes, or bytes. The first signs, all
   * verify: to rotate, put a new one in front. `openssl rand -hex 32` makes one.
   */
  readonly keys: readonly [string | Uint8Array, ...(string | Uint8Array)[]] | readonly (string | Uint8Array)[]
  /** Where the router is reachable from outside, such as `https://app.example.com/invites`. Links are built from it. */
  readonly publicUrl: string
  /** By channel: `{ email: smtpTransport(…) }`. Default: none, and `create` answers with the link and sends nothing. */
  readonly transports?: { readonly [channel: string]: Transport } | undefined
  /** Your roles, and which each may grant. Default: owner, admin, member, viewer. */
  readonly roles?: (Roles & KnownGrants<Roles>) | undefined
  /**
   * Numbers, or a function of the organization, with 10 s to answer. Only `bulk` has a default (50). 0 is a limit, absent is
   * none.
   */
  readonly limits?: Limits | ((organizationId: string) => MaybePromise<Limits>) | undefined
  /** How long an invite lives. Default `'7d'`; `null` never expires. */
  readonly expiresIn?: Duration | null | undefined
  /**
   * Who may accept: `'match'` (default) asks for a verified address equal to the recipient's, `'session'` for any
   * signed-in user who holds the token.
   */
  readonly acceptance?: Acceptance | undefined
  /** Your own member table. Default: a built-in one, with `invites.members`. */
  readonly members?: MembersPort<RoleOf<Roles>, Tx, Sync> | undefined
  /** Names of organizations and users, for mails and pages. */
  readonly directory?: Directory | undefined
  /** Default `'{publicUrl}/i/{token}'`. `{code}`, `{id}` and `{sign}` (`sign-up` or `sign-in`) also stand in patterns. */
  readonly linkPattern?: string | undefined
  /** ISO 3166 country (`'DE'`) of phone numbers typed without a country code. Default: none, and such are refused. */
  readonly defaultCountry?: string | undefined
  /** Parses phone numbers. Default: libphonenumber-js, loaded when the first number comes. */
  readonly phone?: PhoneParser | undefined
  /** Where events go, such as `webhookSink(…)`. */
  readonly sinks?: readonly Sink[] | undefined
  readonly pages?: Pages | undefined
  /**
   * When whoever has not answered is written to again: `{ after: '3d' }` so long after the send, `{ before: '1d' }` so long
   * before the invite expires. Default: never. `relay.start()`, `relay.drain()` and `sweep()` see to it.
   */
  readonly reminders?: readonly Reminder[] | undefined
  /**
   * Whether inviters get a mail when a personal invite of theirs expired unanswered, at the address that `directory.user`
   * answers. Default `false`. `relay.start()`, `relay.drain()` and `sweep()` see to it.
   */
  readonly expiryNotices?: boolean | ExpiryNotices | undefined
  /** Writes every message itself. Default: one plain layout, as text and HTML. */
  readonly render?: Render | undefined
  /**
   * Checks `metadata` and gives it a type: any Standard Schema (zod, valibot, arktype), with 10 s to answer. What it answers
   * is stored, so it must be JSON: texts, and no `Date`. Default: any JSON object.
   */
  readonly metadata?: MetadataSchema<Metadata, MetadataInput> | undefined
  /** Origins beside `publicUrl`'s whose pages may call the router with a cookie. */
  readonly trustedOrigins?: readonly string[] | undefined
  readonly relay?: RelayOptions | undefined
  /**
   * Told of what goes wrong in the background: of a transport or sink once in an outage, of each message that is given up.
   * Default: `console.error`.
   */
  readonly onError?: OnError | undefined
  /**
   * The time for everything but leases; asked once when the invites are made. Default: the storage's own clock for what is
   * decided and delivered, this process's for what is shown: keep them together, as NTP does.
   */
  readonly clock?: (() => Date) | undefined
}

export type OnError = (error: unknown, context: { readonly where: string }) => void
