// The options of smtpTransport, checked when it is made. No message contains a password.
import { type OptionChecks, type Refuse, refuseAs, runChecks, unsetHint } from '../../../src/core.ts'
import { rate, wholeNumber } from '../check-options.ts'
import { fitsHeader, type Mailbox, parseMailbox } from './mailbox.ts'
import type { SmtpOptions } from './options.ts'

const refuse: Refuse = refuseAs('smtpTransport')

const defaultInFlight = 5

const checks = {
  url: (_, options) => checkServerAddress(options),
  // These four are checked together with `url`.
  host: host => host,
  port: port => port,
  secure: secure => secure,
  auth: auth => auth,
  from: from => mailbox('from', from),
  replyTo: address => (address === undefined ? null : replyTo(address)),
  tls: tls => tls,
  requireTls: requireTls => requireTls ?? false,
  connectionTimeout: wholeNumber(refuse, 'connectionTimeout', 10_000),
  greetingTimeout: wholeNumber(refuse, 'greetingTimeout', 10_000),
  socketTimeout: wholeNumber(refuse, 'socketTimeout', 20_000),
  maxConnections: (value, { maxInFlight = defaultInFlight }) => wholeNumber(refuse, 'maxConnections', maxInFlight)(value),
  maxMessages: wholeNumber(refuse, 'maxMessages', 100),
  maxInFlight: wholeNumber(refuse, 'maxInFlight', defaultInFlight),
  perSecond: rate(refuse),
} satisfies OptionChecks<SmtpOptions>

/** What the transport needs of its options. `connection` is what nodemailer's pool gets. */
export type Server = ReturnType<typeof checkServer>

export function checkServer(options: SmtpOptions) {
  if (typeof options !== 'object' || options === null)
    refuse("takes an object, such as { url: process.env.SMTP_URL, from: 'Acme <team@acme.example>' }.")
  const first = ['maxInFlight', 'perSecond', 'from', 'replyTo'] as const
  const { url, tls, requireTls, from, replyTo, maxInFlight, ...settings } = runChecks(options, checks, { refuse, first })
  const { connectionTimeout, greetingTimeout, socketTimeout, maxConnections, maxMessages } = settings
  return {
    from,
    replyTo,
    maxInFlight,
    connection: {
      ...url,
      ...(tls === undefined ? {} : { tls }),
      requireTLS: requireTls,
      connectionTimeout,
      greetingTimeout,
      socketTimeout,
      maxConnections,
      maxMessages,
      // nodemailer replaces a connection that went stale in its pool once; every other retry is the relay's.
      maxRequeues: 1,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
  }
}

function mailbox(name: 'from' | 'replyTo', text: unknown): Mailbox {
  const parsed = typeof text === 'string' ? parseMailbox(text) : null
  return (
    parsed ??
    refuse(
      `\`${name}\` must be one address, such as 'Acme <team@acme.example>' or 'team@acme.example'.${unsetHint(text, `\`${name}\``)}`,
    )
  )
}

function replyTo(text: unknown): Mailbox {
  const given = mailbox('replyTo', text)
  return fitsHeader(given.address)
    ? given
    : refuse('`replyTo` must have only ASCII characters before the @: no header takes others.')
}

/** Where the mail server is: `url`, or `host` with its port and sign-in. */
function checkServerAddress(options: SmtpOptions) {
  if (options.url !== undefined) {
    if (options.host !== undefined) refuse('has both `url` and `host`: give one of them.')
    return { url: checkUrl(options.url) }
  }
  const { host, port, secure = false, auth } = options
  if (typeof host !== 'string' || !/^[^\s/@]+$/.test(host)) {
    const hint = ('url' in options && unsetHint(options.url, '`url`')) || ('host' in options && unsetHint(host, '`host`')) || ''
    return refuse(
      `needs \`url\`, such as smtp://user:password@mail.example.com:587, or \`host\`, such as mail.example.com.${hint}`,
    )
  }
  if (auth !== undefined && !(auth?.user && auth.pass))
    refuse(
      `\`auth\` needs \`user\` and \`pass\`; leave it out to send without signing in.${unsetHint(auth?.user, '`auth.user`')}${unsetHint(auth?.pass, '`auth.pass`')}`,
    )
  return { host, port: wholeNumber(refuse, 'port', secure ? 465 : 587)(port), secure, ...(auth ? { auth: { ...auth } } : {}) }
}

function checkUrl(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (typeof text === 'string' && url && /^smtps?:$/.test(url.protocol) && url.hostname !== '') return text
  return refuse(
    '`url` must be smtp://host:port or smtps://host:port, with user:password@ before the host if the server asks for it ' +
      `(special characters in them percent-encoded).${unsetHint(text, '`url`')}`,
  )
}
