// What goes into the calls.
import type { Duration } from '../domain/duration.ts'
import type { InviteStatus, JsonObject } from '../domain/invite.ts'
import type { TemplateContent } from '../ports/storage/templates.ts'

export interface RecipientInput {
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly fullName?: string | null | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  /** A BCP 47 tag such as `pt-BR`. */
  readonly locale?: string | null | undefined
}

export interface CreateTerms<Role extends string, Metadata> {
  readonly role: Role
  /** Milliseconds or `'7d'`; `null` never expires. Default: the option `expiresIn`. */
  readonly expiresIn?: Duration | null | undefined
  /** Also make a short code that people can type. */
  readonly code?: boolean | undefined
  /** `false` makes the invite and sends nothing: the link is yours to hand over. Default `true`. */
  readonly send?: boolean | undefined
  /** Default: every transport that has an address to write to. */
  readonly channels?: readonly string[] | undefined
  /** A stored template, of the organization or everybody's. Default: the organization's default, then everybody's. */
  readonly templateId?: string | undefined
  /** Texts and looks for this invite alone: what it says goes before every template. */
  readonly template?: TemplateContent | undefined
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

/** Each field may be left out, or be undefined. */
type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined }

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

/** One invite of a bulk; what it leaves out is taken from `defaults`. */
export type BulkItem<Role extends string = string, Metadata = JsonObject> = Optional<CreateTerms<Role, Metadata>> & {
  readonly recipient: RecipientInput
  readonly locale?: string | undefined
}

export interface BulkInput<Role extends string, Metadata> {
  readonly invites: readonly BulkItem<Role, Metadata>[]
  /** Terms of every invite that does not say otherwise. */
  readonly defaults?: Optional<CreateTerms<Role, Metadata>> | undefined
  /** Decide, answer, write nothing. */
  readonly dryRun?: boolean | undefined
}

export interface ResendInput {
  readonly id: string
  /** A new link; the old one stops working. Default `false`. */
  readonly rotate?: boolean | undefined
  /** Default: every transport that has an address to write to. */
  readonly channels?: readonly string[] | undefined
  /** Default: as long as before. */
  readonly expiresIn?: Duration | null | undefined
}

export interface RevokeInput {
  readonly id: string
  readonly reason?: string | undefined
}

export interface UpdateInput<Role extends string, Metadata> {
  readonly id: string
  readonly role?: Role | undefined
  /** From now. */
  readonly expiresIn?: Duration | null | undefined
  readonly metadata?: Metadata | undefined
  readonly recipient?: Omit<RecipientInput, 'email' | 'phone'> | undefined
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

export interface TemplateInput {
  /** For people who choose one: 1 to 200 characters. */
  readonly name: string
  /** Whether invites that name no template use it. Default `false`. */
  readonly default?: boolean | undefined
  readonly content: TemplateContent
}

/** Values for a preview; what is left out is made up. */
export interface TemplateSample {
  readonly recipient?: Omit<RecipientInput, 'phone' | 'locale'> | undefined
  readonly organization?: { readonly name?: string | null | undefined } | undefined
  readonly inviter?: { readonly name?: string | null | undefined } | undefined
  readonly role?: string | undefined
  readonly code?: string | undefined
  /** A JSON object. Default: anything that a text names is there, by its own name. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}
