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
      /** The user and password to sign in with. Default: no sign-in. */
      readonly auth?: { readonly user: string; readonly pass: string } | undefined
    }

export type SmtpOptions = Where & {
  /** The sender: `Acme <team@acme.example>`, or the bare address. Its domain is in every Message-ID. */
  readonly from: string
  /** Where answers go. Default: `from`. */
  readonly replyTo?: string | undefined
  /** TLS settings of `node:tls`, such as `ca` or `minVersion`. */
  readonly tls?: ConnectionOptions | undefined
  /** Refuses to send without TLS. Default `false`: TLS wherever the server offers it. */
  readonly requireTls?: boolean | undefined
  /** How long connecting may take, in milliseconds. Default 10,000. */
  readonly connectionTimeout?: number | undefined
  /** How long to wait for the server's greeting, in milliseconds. Default 10,000. */
  readonly greetingTimeout?: number | undefined
  /** How long a connection may be silent until it is closed, in milliseconds. Default 20,000. */
  readonly socketTimeout?: number | undefined
  /** Connections held open at once. Default: `maxInFlight`. */
  readonly maxConnections?: number | undefined
  /** How many mails are sent over one connection. Default 100. */
  readonly maxMessages?: number | undefined
  /** How many mails are sent at once. Default 5. */
  readonly maxInFlight?: number | undefined
  /** How many mails are started in a second, at most. Default: no limit. */
  readonly perSecond?: number | undefined
}
