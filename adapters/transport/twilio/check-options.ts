// The options of twilioTransport, checked when it is made: what is wrong is said with the way to mend it, and no secret.
import { Buffer } from 'node:buffer'
import type { TwilioOptions } from './options.ts'

/** Options after checking. */
export interface Account {
  readonly messagesUrl: string
  readonly authorization: string
  /** What callbacks are verified with. */
  readonly authTokens: readonly string[]
  readonly sender: Readonly<Record<string, string>>
  /** Null: where the message says. */
  readonly statusCallback: string | false | null
  readonly timeout: number
  readonly maxInFlight: number
}

const stop = (sentence: string): never => {
  throw new TypeError(`twilioTransport: ${sentence}`)
}

/** What is most often wrong with a value that is not there. Begins with a space. */
const unset = (field: string, options: object): string => {
  const value: unknown = Reflect.get(options, field)
  if (!(field in options) || (value !== undefined && value !== '')) return ''
  return ` \`${field}\` is ${value === '' ? 'empty' : 'undefined'}: is its environment variable set?`
}

const isSid = (prefix: string, text: unknown): text is string =>
  typeof text === 'string' && new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(text)

const names = [
  'accountSid',
  'authToken',
  'apiKey',
  'from',
  'messagingServiceSid',
  'statusCallback',
  'baseUrl',
  'timeout',
  'maxInFlight',
  'perSecond',
] satisfies (keyof TwilioOptions)[]

export function checkAccount(options: TwilioOptions): Account {
  if (typeof options !== 'object' || options === null)
    stop("takes an object, such as { accountSid, authToken, from: '+15005550006' }.")
  const unknown = Object.keys(options).find(key => !names.some(name => name === key))
  if (unknown !== undefined) stop(`there is no option \`${unknown}\`; the options are ${names.join(', ')}.`)
  const { accountSid, perSecond } = options
  if (!isSid('AC', accountSid))
    stop(`\`accountSid\` must be AC and 32 hexadecimal digits, as the console shows it.${unset('accountSid', options)}`)
  if (perSecond !== undefined && !(typeof perSecond === 'number' && perSecond > 0))
    stop('`perSecond` must be more than 0; leave it out for no limit.')
  const authTokens = checkTokens(options)
  return {
    messagesUrl: `${checkUrl('baseUrl', options.baseUrl ?? 'https://api.twilio.com')}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    authorization: `Basic ${Buffer.from(credentials(options, authTokens)).toString('base64')}`,
    authTokens,
    sender: checkSender(options),
    statusCallback: checkCallback(options.statusCallback),
    timeout: count('timeout', options.timeout, 10_000),
    maxInFlight: count('maxInFlight', options.maxInFlight, 5),
  }
}

function checkTokens(options: TwilioOptions): readonly string[] {
  const given = options.authToken
  const tokens: readonly unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given]
  if (Array.isArray(given) && given.length === 0) stop('`authToken` is an empty list; leave it out, or name a token.')
  return tokens.map(token =>
    typeof token === 'string' && /^\S{16,}$/.test(token)
      ? token
      : stop(
          `\`authToken\` must be the auth token of the account, or a list of tokens while one is being replaced.${unset('authToken', { authToken: token })}`,
        ),
  )
}

function credentials(options: TwilioOptions, [token]: readonly string[]): string {
  const { accountSid, apiKey } = options
  if (apiKey === undefined)
    return token
      ? `${accountSid}:${token}`
      : stop(`needs \`authToken\`, or \`apiKey: { sid, secret }\`.${unset('authToken', options)}`)
  if (typeof apiKey !== 'object' || apiKey === null) return stop('`apiKey` must be an object, { sid, secret }.')
  if (!isSid('SK', apiKey.sid)) stop(`\`apiKey.sid\` must be SK and 32 hexadecimal digits.${unset('sid', apiKey)}`)
  if (typeof apiKey.secret !== 'string' || apiKey.secret === '') stop(`\`apiKey.secret\` is missing.${unset('secret', apiKey)}`)
  return `${apiKey.sid}:${apiKey.secret}`
}

const e164 = /^\+[1-9]\d{6,14}$/
const shortCode = /^\d{3,8}$/
/** A sender with a name has a letter in it. */
const name = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/

function checkSender(options: TwilioOptions): Record<string, string> {
  const { from, messagingServiceSid } = options
  if (from === undefined && messagingServiceSid === undefined) {
    const blank = unset('from', options) || unset('messagingServiceSid', options)
    stop(`needs \`from\`, such as +15005550006, or \`messagingServiceSid\`.${blank}`)
  }
  if (from !== undefined && !(typeof from === 'string' && (e164.test(from) || shortCode.test(from) || name.test(from)))) {
    stop(`\`from\` must be a number in E.164, a short code, or a name of up to 11 letters and digits.${unset('from', options)}`)
  }
  if (messagingServiceSid !== undefined && !isSid('MG', messagingServiceSid)) {
    stop(`\`messagingServiceSid\` must be MG and 32 hexadecimal digits.${unset('messagingServiceSid', options)}`)
  }
  return {
    ...(from === undefined ? {} : { From: from }),
    ...(messagingServiceSid === undefined ? {} : { MessagingServiceSid: messagingServiceSid }),
  }
}

const checkCallback = (given: TwilioOptions['statusCallback']): Account['statusCallback'] =>
  given === undefined ? null : given === false ? false : checkUrl('statusCallback', given)

function checkUrl(field: string, text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username) return url.href.replace(/\/+$/, '')
  return stop(`\`${field}\` must be an absolute http(s) address without query.`)
}

function count(field: string, value: number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  return Number.isSafeInteger(value) && value > 0 ? value : stop(`\`${field}\` must be a whole number above 0.`)
}
