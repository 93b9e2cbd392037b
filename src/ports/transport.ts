// How a message leaves: one function per channel.

/** One message to one address. Nothing in it is logged. */
export interface OutgoingMessage {
  /** The same on every try: a mail's `Message-ID` is made from it. */
  readonly id: string
  /** One address: an e-mail address that our parser has passed, or a phone number in E.164. */
  readonly to: string
  readonly subject?: string
  readonly text: string
  readonly html?: string
  /** Mail headers to add, such as `List-Unsubscribe`; no line breaks in any of them. */
  readonly headers: Readonly<Record<string, string>>
  /** Stops the try: the lease is running out, or the relay is stopping. */
  readonly signal: AbortSignal
}

export interface Transport {
  /** Which address of the recipient this channel writes to. Default: `email` for a channel of that name, else `phone`. */
  readonly reach?: 'email' | 'phone' | undefined
  /**
   * Resolves when the provider has taken the message. Rejects when it has not: an error with `permanent: true` is not
   * tried again, and its `failure`, a text of the transport's own words, is stored with the delivery. May be called
   * again with the same `id` after a crash.
   */
  send(message: OutgoingMessage): Promise<{ readonly providerId?: string | undefined } | undefined>
  /** How many sends may be under way at once. Default 5. */
  readonly maxInFlight?: number | undefined
  /** How many sends may begin in a second. Default: no limit. */
  readonly perSecond?: number | undefined
  /** Ends open connections. */
  close?(): void | Promise<void>
}
