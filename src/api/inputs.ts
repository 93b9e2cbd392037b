// The inputs of the calls.
import type { Duration } from '../domain/duration.ts'
import type { InviteStatus, JsonObject } from '../domain/invite.ts'
import type { TemplateContent } from '../ports/storage/templates.ts'

/** Whom to invite: an e-mail address, a phone number, or both. */
export interface RecipientInput {
  /** One plain address, `local@domain.tld`, at most 254 characters. */
  readonly email?: string | undefined
  /** At most 40 characters, with its country code unless `defaultCountry` is set. Needs a phone parser. */
  readonly phone?: string | undefined
  /** One line of at most 200 characters. */
  readonly fullName?: string | null | undefined
  /** One line of at most 100 characters. */
  readonly firstName?: string | null | undefined
  /** One line of at most 100 characters. */
  readonly lastName?: string | null | undefined
  /** A BCP 47 tag such as `pt-BR`. */
  readonly locale?: string | null | undefined
}

/** What may be said of every new invite, personal or open. */
export interface CreateTerms<Role extends string, Metadata> {
  /** The role to grant; the actor must be allowed to grant it. */
  readonly role: Role
  /** Milliseconds or `'7d'`, from 1 second to 10 years; `null` never expires. Default: the option `expiresIn`. */
  readonly expiresIn?: Duration | null | undefined
  /** Whether to make a short code as well, which people can type. Default: only if the link pattern has `{code}`. */
  readonly code?: boolean | undefined
  /** `false` sends nothing: pass the returned link on yourself. Default `true`. */
  readonly send?: boolean | undefined
  /** The channels to send on. Default: every transport for which the recipient has an address. */
  readonly channels?: readonly string[] | undefined
  /** The id of a stored template, of the organization or everybody's. Default: the organization's default, then everybody's. */
  readonly templateId?: string | undefined
  /** Texts and brand for this invite alone. It takes precedence over every stored template. */
  readonly template?: TemplateContent | undefined
  /** Your own id for the invite, 1 to 255 characters; lists can filter by it. */
  readonly externalId?: string | undefined
  /** Your own JSON object, at most 16,384 characters. It is in lists and events. Default `{}`. */
  readonly metadata?: Metadata | undefined
  /** Your own private JSON object, at most 16,384 characters: given to `members.add`, never listed, emitted or sent. */
  readonly extra?: JsonObject | undefined
  /**
   * What to do when the address has a pending invite: refuse with `already_invited`, return that invite unchanged, or resend
   * it with the new role, names and metadata. Default `'error'`.
   */
  readonly ifPending?: 'error' | 'return' | 'resend' | undefined
  /**
   * The pattern of this invite's link: it begins with `{publicUrl}` or `https://` and has `{token}` or `{code}`, at most 500
   * characters. Default: the option `linkPattern`.
   */
  readonly linkPattern?: string | undefined
}

/** Every field may be left out or undefined. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined }

/** The input of `create`: a personal invite to one recipient, or an open one for anybody who has the link. */
export type CreateInput<Role extends string = string, Metadata = JsonObject> = CreateTerms<Role, Metadata> &
  (
    | {
        readonly kind?: 'personal' | undefined
        readonly recipient: RecipientInput
        /** The language of the message as a BCP 47 tag, when the recipient has no `locale`. */
        readonly locale?: string | undefined
        readonly maxUses?: undefined
      }
    | {
        /** Anybody who has the link may accept. */
        readonly kind: 'open'
        /** How many users may accept it, 1 to 1,000,000. Default: no end. */
        readonly maxUses?: number | undefined
        readonly recipient?: undefined
        readonly locale?: undefined
      }
  )

/** One invite of a bulk. The terms that it leaves out are taken from `defaults`. */
export type BulkItem<Role extends string = string, Metadata = JsonObject> = Optional<CreateTerms<Role, Metadata>> & {
  readonly recipient: RecipientInput
  /** The language of the message as a BCP 47 tag, when the recipient has no `locale`. */
  readonly locale?: string | undefined
}

/** The input of `createMany`. */
export interface BulkInput<Role extends string, Metadata> {
  /** At least one, and at most `limits.bulk` (default 50). */
  readonly invites: readonly BulkItem<Role, Metadata>[]
  /** Terms for every invite that does not have its own. */
  readonly defaults?: Optional<CreateTerms<Role, Metadata>> | undefined
  /** Decides and answers, but writes and sends nothing. Default `false`. */
  readonly dryRun?: boolean | undefined
}

/** The input of `resend`. */
export interface ResendInput {
  readonly id: string
  /** Makes a new link and code; the old ones stop working. Default `false`. */
  readonly rotate?: boolean | undefined
  /** The channels to send on. Default: every transport for which the recipient has an address. */
  readonly channels?: readonly string[] | undefined
  /** From now: milliseconds or a text such as `'7d'`; `null` never expires. Default: as long as before. */
  readonly expiresIn?: Duration | null | undefined
}

/** The input of `revoke`. */
export interface RevokeInput {
  readonly id: string
  /** Stored with the invite and in events: at most 500 characters. */
  readonly reason?: string | undefined
}

/** The input of `update`. What is left out stays as it is. */
export interface UpdateInput<Role extends string, Metadata> {
  readonly id: string
  /** The actor must be allowed to grant the old role and the new one. */
  readonly role?: Role | undefined
  /** From now: milliseconds or a text such as `'7d'`; `null` never expires. */
  readonly expiresIn?: Duration | null | undefined
  /** Replaces the old metadata as a whole. */
  readonly metadata?: Metadata | undefined
  /** Names and language; a field that is null is deleted. */
  readonly recipient?: Omit<RecipientInput, 'email' | 'phone'> | undefined
}

/** The token from a link, or the code; exactly one of them. */
export type ByToken = { readonly token: string } | { readonly code: string }
/** The same, or an id, for an actor with a verified address of the invite. */
export type ByTokenOrId = ByToken | { readonly id: string }

/** The input of `list`: filters, sort and page. */
export interface ListInput<Role extends string = string> {
  /** One status, or several. A pending invite past `expiresAt` counts as expired. Default: all. */
  readonly status?: InviteStatus | readonly InviteStatus[] | undefined
  readonly role?: Role | undefined
  /** A whole address. */
  readonly email?: string | undefined
  /** A whole phone number. */
  readonly phone?: string | undefined
  /** A part of an address or name, ignoring case, at most 200 characters. */
  readonly q?: string | undefined
  readonly inviterId?: string | undefined
  readonly externalId?: string | undefined
  /** When it was created: from (inclusive), to (exclusive), as `Date` or ISO 8601 with a time zone. */
  readonly created?: { readonly from?: Date | string | undefined; readonly to?: Date | string | undefined } | undefined
  /** When it expires: the same. */
  readonly expires?: { readonly from?: Date | string | undefined; readonly to?: Date | string | undefined } | undefined
  /** A leading `-` sorts descending. Default `'-createdAt'`, newest first. */
  readonly sort?: 'createdAt' | '-createdAt' | 'expiresAt' | '-expiresAt' | 'updatedAt' | '-updatedAt' | undefined
  /** The size of the page, 1 to 200. Default 50. */
  readonly limit?: number | undefined
  /** `nextCursor` of the previous page, with the same filters and sort. */
  readonly cursor?: string | undefined
  /** `total`: the number of matching invites, up to 10,000. `link`: the links of pending invites whose role the actor may grant. */
  readonly include?: readonly ('total' | 'link')[] | undefined
}

/** The input of `templates.create` and `templates.update`. */
export interface TemplateInput {
  /** Shown to people who choose a template: 1 to 200 characters. */
  readonly name: string
  /** Whether invites that name no template use this one. Default `false`. */
  readonly default?: boolean | undefined
  /** The texts and the brand. */
  readonly content: TemplateContent
}

/** Sample values for a preview. What is left out gets a made-up value. */
export interface TemplateSample {
  readonly recipient?: Omit<RecipientInput, 'phone' | 'locale'> | undefined
  readonly organization?: { readonly name?: string | null | undefined } | undefined
  readonly inviter?: { readonly name?: string | null | undefined } | undefined
  readonly role?: string | undefined
  readonly code?: string | undefined
  /** A JSON object. Default: every value that a text names is its own name. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}
