// Port: transports. One object for each channel sends its messages and reads its provider's callbacks.
import type { ReportStatus } from '../domain/delivery.ts'

/** One message to one address. It holds the link: do not log it. */
export interface OutgoingMessage {
  /** The same on every attempt: a mail's `Message-ID` is made from it. */
  readonly id: string
  /** One e-mail address, validated, or one phone number in E.164. */
  readonly to: string
  readonly subject?: string
  readonly text: string
  readonly html?: string
  /** For mail: the name beside the transport's own address. One line, without quotes, angle brackets or `@`. */
  readonly senderName?: string
  /** For mail: the Reply-To addresses, validated; they replace the transport's own. */
  readonly replyTo?: readonly string[]
  /** Mail headers to add: `List-Unsubscribe` and `List-Unsubscribe-Post`, without line breaks. */
  readonly headers: Readonly<Record<string, string>>
  /** The URL for the provider's reports on this message, if the transport can `receive`. `?id=` names the message. */
  readonly callbackUrl?: string
  /**
   * Aborts the attempt: its lease is about to expire, or the relay has been stopping for 5 s. An attempt that does not end
   * within a second after that is abandoned, and the message is sent again when its lease has expired.
   */
  readonly signal: AbortSignal
}

/** A request to `POST /callbacks/:transport`, as the provider sent it. */
export interface Callback {
  /** The URL that the provider called, built from `publicUrl`, path and query. Never from the Host header. */
  readonly url: string
  readonly method: string
  readonly headers: Pick<Headers, 'get'>
  /** The body, at most 64 kB. Byte for byte as received, unless a body parser of the host read it first. */
  readonly body: Uint8Array
}

/** A provider's report on one message. */
export interface Report {
  /** The `id` that the message was sent with, or the `Message-ID` made from it. */
  readonly messageId: string
  readonly status: ReportStatus
  /** For a bounce: `false` when the address may work again, as with a full mailbox. Default `true`. */
  readonly permanent?: boolean | undefined
  /** The reason in your own words, with a code. Do not pass the provider's text: it can quote the message and its link. */
  readonly failure?: string | undefined
}

/** A recipient's reply that they want no more messages (STOP, `wants: false`) or want them again (START). */
export interface Choice {
  /** E.164. */
  readonly phone: string
  readonly wants: boolean
}

/** What a callback contains. Both lists may be empty. */
export interface Received {
  readonly reports: readonly Report[]
  readonly choices?: readonly Choice[] | undefined
}

export interface Transport {
  /** Which address of the recipient this channel writes to. Default: `email` for the channel `email`, `phone` for others. */
  readonly reach?: 'email' | 'phone' | undefined
  /**
   * Resolve when the provider accepted the message, reject when it did not; it is then tried again later. An error with
   * `permanent: true` is not tried again; its `failure`, in the transport's own words, is stored with the delivery. An error
   * with `optedOut: true` means that the recipient wants no messages: the address is suppressed for the organization. May be
   * called again with the same `id`, after a crash for instance.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: an async function without a return fits too
  send(message: OutgoingMessage): Promise<{ readonly providerId?: string | undefined } | undefined | void>
  /**
   * Reads a callback of the provider. Return null when its signature is not valid; the response is then 403. Anybody can call
   * the URL, so check the signature first, in constant time. The same callback must give the same result.
   */
  receive?(callback: Callback): Received | null | Promise<Received | null>
  /** How many sends may run at once. Default 5. */
  readonly maxInFlight?: number | undefined
  /** How many sends may start per second. Default: no limit. */
  readonly perSecond?: number | undefined
  /** Closes open connections. `invites.close()` waits 5 s for it; an error goes to `onError`. */
  close?(): void | Promise<void>
}
