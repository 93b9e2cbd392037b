// What the calls answer.
import type { InviteEventType } from '../domain/event.ts'
import type { InviteStatus } from '../domain/invite.ts'
import type { Invite } from '../ports/invite.ts'
import type { DisabledSink } from '../ports/storage/disabled-sinks.ts'
import type { TemplateContent } from '../ports/storage/templates.ts'
import type { InviteError } from './error.ts'

export interface Created<Role extends string, Metadata> {
  readonly invite: Invite<Role, Metadata>
  readonly link: string
  readonly code?: string
  readonly outcome: 'created' | 'existing' | 'resent'
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
  /** Whether the signed-in actor is whom the invite is for; null when nobody is signed in. */
  readonly match: 'ok' | 'mismatch' | 'unverified' | null
  /** What the invite's template says on its pages. */
  readonly template: TemplatePages
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
  /** Deliveries that failed, bounced or were complained about. */
  readonly problems: number
  /** Sinks that were switched off because their receiver is gone, until `relay.enable(name)`. */
  readonly disabledSinks: readonly DisabledSink[]
}

export interface MemberView<Role extends string = string> {
  readonly userId: string
  readonly role: Role
  readonly email?: string | null
  readonly name?: string | null
}

export interface Template {
  /** UUIDv7. */
  readonly id: string
  /** Null: everybody's. */
  readonly organizationId: string | null
  readonly name: string
  /** Whether invites that name no template use it. */
  readonly default: boolean
  readonly content: TemplateContent
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly createdBy: string | null
}

/** A template's words for the pages of one invite, everything filled in; null where the built-in ones stand. */
export interface TemplatePages {
  readonly landing: PageTexts
  readonly success: PageTexts
  readonly brand: { readonly name: string | null; readonly logoUrl: string | null; readonly color: string | null }
}

export interface TemplatePreview extends TemplatePages {
  /** Null when only another channel was asked for. */
  readonly email: {
    readonly subject: string
    readonly text: string
    readonly html: string | null
    readonly senderName: string | null
    readonly replyTo: readonly string[]
  } | null
  readonly sms: { readonly text: string } | null
}

/** The words of one page; null where the built-in ones stand. */
export interface PageTexts {
  readonly header: string | null
  readonly description: string | null
  readonly button: string | null
}
