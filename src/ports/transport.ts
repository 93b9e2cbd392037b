// How a message leaves, and how its provider reports back: one object per channel.
import type { ReportStatus } from '../domain/delivery.ts'

/** One message to one address. Nothing in it is logged. */
export interface OutgoingMessage {
  /** The same on every try: a mail's `Message-ID` is made from it. */
  readonly id: string
  /** One address: an e-mail address that our parser has passed, or a phone number in E.164. */
  readonly to: string
  readonly subject?: string
  readonly text: string
  readonly html?: string
  /** Of a mail: the name beside the transport's own address. One line, without quotes, angles or an `@`. */
  readonly senderName?: string
  /** Of a mail: where answers go, in place of the transport's own. Each has passed our parser. */
  readonly replyTo?: readonly string[]
  /** Mail headers to add: `List-Unsubscribe` and `List-Unsubscribe-Post`; no line breaks in any of them. */
  readonly headers: Readonly<Record<string, string>>
  /** Where the provider may report on this message, if the transport can `receive`. It tells the message by `?id=`. */
  readonly callbackUrl?: string
  /**
   * Stops the try: the lease is running out, or the relay has been stopping for five seconds. What still has no end a
   * second later is left alone, and sent again when its lease is over.
   */
  readonly signal: AbortSignal
}

/** A request to `POST /callbacks/:transport`, as the provider sent it. */
export interface Callback {
  /** As the provider called it: `publicUrl`, the rest of the path, and the query. Never from a Host header. */
  readonly url: string
  readonly method: string
  readonly headers: Pick<Headers, 'get'>
  /** The bytes of the body, at most 64 kB: as they came, unless a body parser of the host's read them first. */
  readonly body: Uint8Array
}

/** What became of one message. */
export interface Report {
  /** The `id` that the message was sent with, or the `Message-ID` made from it. */
  readonly messageId: string
  readonly status: ReportStatus
  /** Of a bounce: false when the address may work again (a full mailbox). Default true. */
  readonly permanent?: boolean | undefined
  /** In your own words, with a code: a provider's text can hold the message and its link. */
  readonly failure?: string | undefined
}

/** Somebody answered that they want no more messages (STOP), or want them again (START). */
export interface Choice {
  /** E.164. */
  readonly phone: string
  readonly wants: boolean
}

/** What a callback says; both may be empty. */
export interface Received {
  readonly reports: readonly Report[]
  readonly choices?: readonly Choice[] | undefined
}

export interface Transport {
  /** Which address of the recipient this channel writes to. Default: `email` for a channel of that name, else `phone`. */
  readonly reach?: 'email' | 'phone' | undefined
  /**
   * Resolves when the provider has taken the message. Rejects when it has not: an error with `permanent: true` is not
   * tried again, and its `failure`, a text of the transport's own words, is stored with the delivery. One with
   * `optedOut: true` says that the recipient wants no messages: the address is suppressed for the organization. May be
   * called again with the same `id` after a crash.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: an async function without a return fits too
  send(message: OutgoingMessage): Promise<{ readonly providerId?: string | undefined } | undefined | void>
  /**
   * Reads a callback of the provider. Null when its signature is not good: it is then answered 403. Called for
   * everybody who finds the address, so check first, in constant time, and answer the same thing for the same callback.
   */
  receive?(callback: Callback): Received | null | Promise<Received | null>
  /** How many sends may be under way at once. Default 5. */
  readonly maxInFlight?: number | undefined
  /** How many sends may begin in a second. Default: no limit. */
  readonly perSecond?: number | undefined
  /** Ends open connections. Waited for 5 s; what it throws is told to `onError`. */
  close?(): void | Promise<void>
}
