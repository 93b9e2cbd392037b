// What a message says: one plain layout, as text and HTML, readable without images and in the dark.

/** What a message is written from. Nothing here is escaped. */
export interface MessageFacts {
  readonly channel: string
  readonly reason: 'created' | 'resent' | 'reminder'
  readonly organization: { readonly id: string; readonly name: string | null }
  readonly inviter: { readonly name: string | null }
  readonly recipient: { readonly fullName: string | null; readonly firstName: string | null; readonly locale: string | null }
  readonly role: string
  readonly link: string
  readonly code: string | null
  readonly expiresAt: Date | null
  readonly brand: { readonly name?: string; readonly color?: string; readonly logoUrl?: string }
}

export interface Rendered {
  readonly subject?: string
  readonly text: string
  readonly html?: string
}

/** Writes one message. `undefined` leaves it to the built-in layout. */
export type Render = (facts: MessageFacts) => Rendered | undefined | Promise<Rendered | undefined>
