// The results of the calls.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteStatus } from '../domain/invite.ts'
import type { Invite } from '../ports/invite.ts'
import type { DisabledSink } from '../ports/storage/disabled-sinks.ts'
import type { TemplateContent } from '../ports/storage/templates.ts'
import type { InviteError } from './error.ts'

/** The result of `create`. */
export interface Created<Role extends string, Metadata> {
  readonly invite: Invite<Role, Metadata>
  /** Secret: whoever has it can open the invite. Do not log it. */
  readonly link: string
  /** The short code, if the invite has one. As secret as the link. */
  readonly code?: string
  /** `existing` and `resent` come from `ifPending`. */
  readonly outcome: 'created' | 'existing' | 'resent'
}

/** The outcome of one invite of `createMany`. */
export interface BulkResult<Role extends string, Metadata> {
  /** Its place in `invites`, from 0. */
  readonly index: number
  /** `skipped`: a member already, or a pending invite has the address. */
  readonly outcome: 'created' | 'existing' | 'resent' | 'skipped' | 'rejected'
  /** Absent when it was skipped or rejected, and when `dryRun` would create it. */
  readonly invite?: Invite<Role, Metadata>
  readonly link?: string
  readonly code?: string
  /** Why it was skipped or rejected. */
  readonly error?: InviteError['facts']
}

/** The result of `createMany`: counts, and one result for each invite, in the order of the input. */
export interface BulkAnswer<Role extends string, Metadata> {
  readonly created: number
  readonly skipped: number
  readonly rejected: number
  readonly results: readonly BulkResult<Role, Metadata>[]
}

/** An invite in a list. `link` is there when it was included, for pending invites whose role the actor may grant. */
export type Listed<Role extends string, Metadata> = Invite<Role, Metadata> & { readonly link?: string }

/** One page of `list`. */
export interface ListAnswer<Role extends string, Metadata> {
  readonly data: readonly Listed<Role, Metadata>[]
  /** Null on the last page. */
  readonly nextCursor: string | null
  /** The number of matching invites, counted up to 10,000; there when it was included. */
  readonly total?: number
}

/** The result of `preview`: what a page may show before anybody accepts. */
export interface Preview<Role extends string> {
  readonly id: string
  /** `name` comes from `directory.organization`; null without one. */
  readonly organization: { readonly id: string; readonly name: string | null }
  /** `name` comes from `directory.user`, or from the actor who made the invite. */
  readonly inviter: { readonly name: string | null }
  readonly role: Role
  readonly kind: 'personal' | 'open'
  /** The address, masked (`a…@example.com`); null for an open or erased invite. */
  readonly recipient: string | null
  /** The recipient's language, a BCP 47 tag. */
  readonly locale: string | null
  readonly status: InviteStatus
  /** `null` = never expires. */
  readonly expiresAt: Date | null
  /** The next step for this person; null when the invite is not pending. */
  readonly next: 'accept' | 'sign_in' | 'sign_up' | null
  /** Whether the invite is for the signed-in actor; null when nobody is signed in. */
  readonly match: 'ok' | 'mismatch' | 'unverified' | null
  /** The texts of the invite's template for its pages. */
  readonly template: TemplatePages
}

/** The result of `accept`. */
export interface Accepted<Role extends string, Metadata> {
  readonly invite: Invite<Role, Metadata>
  /** The membership; null when the person accepted before and was removed since. */
  readonly member: { readonly userId: string; readonly role: Role } | null
  /** True when this person had accepted already. */
  readonly repeated: boolean
}

/** One event in the history of an invite. */
export interface HistoryEntry {
  /** UUIDv7; sinks get the event under the same id. */
  readonly id: string
  /** Increases with every event in this storage, in commit order. */
  readonly sequence: number
  readonly type: InviteEventType
  readonly at: Date
  /** The user who did it; null for the system, an API key, or somebody who only holds the token. */
  readonly actor: { readonly userId: string } | null
  /** The status before the event; null for `invite.created`. */
  readonly previousStatus: InviteStatus | null
}

/** The result of `summary`. A `limit` that is null is no limit. */
export interface Summary<Role extends string> {
  /** Invites that are pending and not expired. */
  readonly pending: { readonly used: number; readonly limit: number | null }
  /** Members. */
  readonly seats: { readonly used: number; readonly limit: number | null }
  /** The roles that this actor may grant. */
  readonly grants: readonly Role[]
  /** How many invites have each status. */
  readonly statuses: Readonly<Record<InviteStatus, number>>
  /** Events of each of the last 30 days (UTC, `yyyy-mm-dd`), oldest first. */
  readonly days: readonly { readonly day: string; readonly sent: number; readonly opened: number; readonly accepted: number }[]
  /** How many deliveries failed, bounced or led to a complaint. */
  readonly problems: number
  /** Sinks that are disabled because their receiver is gone, until `relay.enable(name)`. */
  readonly disabledSinks: readonly DisabledSink[]
}

/** A member, as calls return it. */
export interface MemberView<Role extends string = string> {
  readonly userId: string
  readonly role: Role
  /** Normalised: lower case. */
  readonly email?: string | null
  /** Only from a member table of your own. */
  readonly name?: string | null
}

/** A stored template, as calls return it. */
export interface Template {
  /** UUIDv7. */
  readonly id: string
  /** Null: the template is everybody's. */
  readonly organizationId: string | null
  readonly name: string
  /** Whether invites that name no template use this one. */
  readonly default: boolean
  readonly content: TemplateContent
  readonly createdAt: Date
  readonly updatedAt: Date
  /** The user who created it; null for the system or an API key. */
  readonly createdBy: string | null
}

/** A template's texts for the pages of one invite, with placeholders filled in; null where the built-in text is used. */
export interface TemplatePages {
  readonly landing: PageTexts
  readonly success: PageTexts
  readonly brand: { readonly name: string | null; readonly logoUrl: string | null; readonly color: string | null }
}

/** The result of `templates.preview`: what the messages and pages of an invite would say. */
export interface TemplatePreview extends TemplatePages {
  /** The mail; null when `channel` is another one. */
  readonly email: {
    readonly subject: string
    readonly text: string
    readonly html: string | null
    readonly senderName: string | null
    readonly replyTo: readonly string[]
  } | null
  /** The text of every channel but mail; null when `channel` is `email`. */
  readonly sms: { readonly text: string } | null
}

/** The texts of one page; null where the built-in text is used. */
export interface PageTexts {
  readonly header: string | null
  readonly description: string | null
  readonly button: string | null
}
