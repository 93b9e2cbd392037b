// The options of smtpTransport.
import type { ConnectionOptions } from 'node:tls'

/** Where the mail server is: an address, or its parts. */
type Where =
  | {
      /** `smtp://user:password@mail.example.com:587`, or `smtps://` for TLS from the first byte. */
      readonly url: string
      readonly host?: undefined
    }
  | {
      readonly url?: undefined
      readonly host: string
      /** Default 587, or 465 when `secure`. */
      readonly port?: number | undefined
      /** TLS from the first byte. Default `false`: the connection is upgraded when the server offers it. */
      readonly secure?: boolean | undefined
      readonly auth?: { readonly user: string; readonly pass: string } | undefined
    }

export type SmtpOptions = Where & {
  /** Who writes: `Acme <team@acme.example>`, or the bare address. Its domain is in every Message-ID. */
  readonly from: string
  /** Where answers go. Default: `from`. */
  readonly replyTo?: string | undefined
  /** TLS settings of `node:tls`, such as `ca` or `minVersion`. */
  readonly tls?: ConnectionOptions | undefined
  /** Refuses to send without TLS. Default `false`: TLS wherever the server offers it. */
  readonly requireTls?: boolean | undefined
  /** Milliseconds until the connection must stand, default 10,000. */
  readonly connectionTimeout?: number | undefined
  /** Milliseconds until the server's first line must be there, default 10,000. */
  readonly greetingTimeout?: number | undefined
  /** Milliseconds of silence until a connection is given up, default 20,000. */
  readonly socketTimeout?: number | undefined
  /** Connections held open at once. Default: `maxInFlight`. */
  readonly maxConnections?: number | undefined
  /** Mails over one connection, default 100. */
  readonly maxMessages?: number | undefined
  /** Mails under way at once, default 5. */
  readonly maxInFlight?: number | undefined
  /** Mails begun in a second. Default: no limit. */
  readonly perSecond?: number | undefined
}
