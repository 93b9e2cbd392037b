// What a message is written from, and what a host's own `render` answers.
import type { JsonObject } from '../domain/invite.ts'
import type { TemplateSections } from './storage/templates.ts'

/** What a message is written from. Nothing here is escaped. */
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
  /** The option `pages.brand`, with the template's over it. */
  readonly brand: {
    readonly name?: string | undefined
    readonly color?: string | undefined
    readonly logoUrl?: string | undefined
  }
  /** What the invite's templates say, merged for its language; placeholders as they were written. */
  readonly template: TemplateSections
}

/** What a notice is written from. Nothing here is escaped. */
export interface NoticeFacts {
  readonly invite: { readonly id: string; readonly role: string; readonly expiresAt: Date }
  readonly organization: MessageFacts['organization']
  /** To whom the notice goes. */
  readonly inviter: { readonly name: string | null; readonly locale: string | null }
  /** Who did not answer. */
  readonly recipient: {
    readonly email: string | null
    readonly phone: string | null
    readonly fullName: string | null
    readonly firstName: string | null
  }
  /** The host's page, if there is one. */
  readonly page: string | null
  readonly brand: MessageFacts['brand']
}

export interface Rendered {
  readonly subject?: string
  readonly text: string
  readonly html?: string
  /** Of a mail: the name beside the transport's address. */
  readonly senderName?: string
  /** Of a mail: where answers go. */
  readonly replyTo?: string | readonly string[]
}

/** Writes one message. `undefined` leaves it to the built-in layout. */
export type Render = (facts: MessageFacts) => Rendered | undefined | Promise<Rendered | undefined>
