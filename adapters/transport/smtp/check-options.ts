// The options of smtpTransport, checked when it is made: what is wrong is said with the way to mend it, and no secret.
import type { ConnectionOptions } from 'node:tls'
import { fitsHeader, type Mailbox, parseMailbox } from './mailbox.ts'
import type { SmtpOptions } from './options.ts'

/** Options after checking. `connection` is what nodemailer's pool gets. */
export interface Server {
  readonly from: Mailbox
  readonly replyTo: Mailbox | null
  readonly maxInFlight: number
  readonly connection: {
    url?: string
    host?: string
    port?: number
    secure?: boolean
    auth?: { user: string; pass: string }
    tls?: ConnectionOptions
    requireTLS: boolean
    connectionTimeout: number
    greetingTimeout: number
    socketTimeout: number
    maxConnections: number
    maxMessages: number
    maxRequeues: number
    disableFileAccess: boolean
    disableUrlAccess: boolean
  }
}

const stop = (sentence: string): never => {
  throw new TypeError(`smtpTransport: ${sentence}`)
}

/** What is most often wrong with a value that is not there. Begins with a space. */
const unset = (name: string, value: unknown): string =>
  value === undefined || value === ''
    ? ` \`${name}\` is ${value === '' ? 'empty' : 'undefined'}: is its environment variable set?`
    : ''

type Name = SmtpOptions extends infer Given ? (Given extends unknown ? keyof Given : never) : never

const names = [
  'url',
  'host',
  'port',
  'secure',
  'auth',
  'from',
  'replyTo',
  'tls',
  'requireTls',
  'connectionTimeout',
  'greetingTimeout',
  'socketTimeout',
  'maxConnections',
  'maxMessages',
  'maxInFlight',
  'perSecond',
] satisfies Name[]

export function checkServer(options: SmtpOptions): Server {
  if (typeof options !== 'object' || options === null)
    stop("takes an object, such as { url: process.env.SMTP_URL, from: 'Acme <team@acme.example>' }.")
  const unknown = Object.keys(options).find(key => !names.some(name => name === key))
  if (unknown !== undefined) stop(`there is no option \`${unknown}\`; the options are ${names.join(', ')}.`)
  const maxInFlight = count('maxInFlight', options.maxInFlight, 5)
  if (options.perSecond !== undefined && !(typeof options.perSecond === 'number' && options.perSecond > 0))
    stop('`perSecond` must be more than 0; leave it out for no limit.')
  return {
    from: mailbox('from', options.from),
    replyTo: options.replyTo === undefined ? null : replyTo(options.replyTo),
    maxInFlight,
    connection: {
      ...place(options),
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      requireTLS: options.requireTls ?? false,
      connectionTimeout: count('connectionTimeout', options.connectionTimeout, 10_000),
      greetingTimeout: count('greetingTimeout', options.greetingTimeout, 10_000),
      socketTimeout: count('socketTimeout', options.socketTimeout, 20_000),
      maxConnections: count('maxConnections', options.maxConnections, maxInFlight),
      maxMessages: count('maxMessages', options.maxMessages, 100),
      // A connection that went stale in the pool is replaced once; every other retry is the relay's.
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
    stop(`\`${name}\` must be one address, such as 'Acme <team@acme.example>' or 'team@acme.example'.${unset(name, text)}`)
  )
}

function replyTo(text: unknown): Mailbox {
  const given = mailbox('replyTo', text)
  return fitsHeader(given.address)
    ? given
    : stop('`replyTo` must have only ASCII characters before the @: no header takes others.')
}

function place(options: SmtpOptions) {
  if (options.url !== undefined) {
    if (options.host !== undefined) stop('has both `url` and `host`: give one of them.')
    return { url: checkUrl(options.url) }
  }
  const { host, port, secure = false, auth } = options
  if (typeof host !== 'string' || !/^[^\s/@]+$/.test(host)) {
    const blank = ('url' in options && unset('url', options.url)) || ('host' in options && unset('host', host)) || ''
    return stop(
      `needs \`url\`, such as smtp://user:password@mail.example.com:587, or \`host\`, such as mail.example.com.${blank}`,
    )
  }
  if (auth !== undefined && !(auth?.user && auth.pass))
    stop(
      `\`auth\` needs \`user\` and \`pass\`; leave it out to send without signing in.${unset('auth.user', auth?.user)}${unset('auth.pass', auth?.pass)}`,
    )
  return { host, port: count('port', port, secure ? 465 : 587), secure, ...(auth ? { auth: { ...auth } } : {}) }
}

function checkUrl(text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (typeof text === 'string' && url && /^smtps?:$/.test(url.protocol) && url.hostname !== '') return text
  return stop(
    '`url` must be smtp://host:port or smtps://host:port, with user:password@ before the host if the server asks for it ' +
      `(special characters in them percent-encoded).${unset('url', text)}`,
  )
}

function count(name: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  return Number.isSafeInteger(value) && value > 0 ? value : stop(`\`${name}\` must be a whole number above 0.`)
}
