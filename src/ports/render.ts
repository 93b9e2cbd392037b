// Port: `render`, the host's own function that writes messages; what it is given and what it returns.
import type { JsonObject } from '../domain/invite.ts'
import type { TemplateSections } from './storage/templates.ts'

/** What `render` is given for a message to the recipient. Nothing is escaped. */
export interface MessageFacts {
  readonly channel: string
  readonly reason: 'created' | 'resent' | 'reminder'
  readonly organization: { readonly id: string; readonly name: string | null }
  readonly inviter: { readonly name: string | null }
  readonly recipient: {
    readonly fullName: string | null
    readonly firstName: string | null
    readonly lastName: string | null
    readonly email: string | null
    readonly locale: string | null
  }
  readonly role: string
  readonly link: string
  readonly code: string | null
  readonly expiresAt: Date | null
  readonly metadata: JsonObject
  /** The option `pages.brand`; what the template's brand says replaces it. */
  readonly brand: {
    readonly name?: string | undefined
    readonly color?: string | undefined
    readonly logoUrl?: string | undefined
  }
  /** The invite's templates, merged for the recipient's language. Placeholders are not filled in. */
  readonly template: TemplateSections
}

/** What a notice to the inviter (`expiryNotices`) is written from. Nothing is escaped. */
export interface NoticeFacts {
  readonly invite: { readonly id: string; readonly role: string; readonly expiresAt: Date }
  readonly organization: MessageFacts['organization']
  /** The recipient of the notice. */
  readonly inviter: { readonly name: string | null; readonly locale: string | null }
  /** The invited person, who did not answer. */
  readonly recipient: {
    readonly email: string | null
    readonly phone: string | null
    readonly fullName: string | null
    readonly firstName: string | null
  }
  /** The option `expiryNotices.page`, or null. */
  readonly page: string | null
  readonly brand: MessageFacts['brand']
}

/** The message to send. Put the link into it: it is not added. */
export interface Rendered {
  readonly subject?: string
  readonly text: string
  readonly html?: string
  /** For mail: the name beside the transport's address. */
  readonly senderName?: string
  /** For mail: the Reply-To address or addresses. */
  readonly replyTo?: string | readonly string[]
}

/** Writes one message. Return `undefined` for the built-in layout. */
export type Render = (facts: MessageFacts) => Rendered | undefined | Promise<Rendered | undefined>
