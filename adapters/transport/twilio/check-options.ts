// The options of twilioTransport, checked when it is made. No message contains a secret.
import { Buffer } from 'node:buffer'
import { type OptionChecks, type Refuse, refuseAs, runChecks, unsetHint } from '../../../src/core.ts'
import { rate, wholeNumber } from '../check-options.ts'
import type { TwilioOptions } from './options.ts'

const refuse: Refuse = refuseAs('twilioTransport')

/** The hint of an option that is there but not set: one that was left out needs none. */
const hintOf = (options: object, name: string): string =>
  name in options ? unsetHint(Reflect.get(options, name), `\`${name}\``) : ''

const isSid = (prefix: string, text: unknown): text is string =>
  typeof text === 'string' && new RegExp(`^${prefix}[0-9a-fA-F]{32}$`).test(text)

const checks = {
  accountSid: (sid, options) =>
    isSid('AC', sid)
      ? sid
      : refuse(`\`accountSid\` must be AC and 32 hexadecimal digits, as the console shows it.${hintOf(options, 'accountSid')}`),
  authToken: checkTokens,
  apiKey: (_, options) => `Basic ${Buffer.from(credentials(options)).toString('base64')}`,
  from: checkFrom,
  messagingServiceSid: (sid, options) =>
    sid === undefined || isSid('MG', sid)
      ? sid
      : refuse(`\`messagingServiceSid\` must be MG and 32 hexadecimal digits.${hintOf(options, 'messagingServiceSid')}`),
  statusCallback: url => (url === undefined ? null : url === false ? false : checkUrl('statusCallback', url)),
  baseUrl: url => checkUrl('baseUrl', url ?? 'https://api.twilio.com'),
  timeout: wholeNumber(refuse, 'timeout', 10_000),
  maxInFlight: wholeNumber(refuse, 'maxInFlight', 5),
  perSecond: rate(refuse),
} satisfies OptionChecks<TwilioOptions>

/** What the transport needs of its options. `authTokens` verify callbacks; a `statusCallback` of null is the message's own. */
export type Account = ReturnType<typeof checkAccount>

export function checkAccount(options: TwilioOptions) {
  if (typeof options !== 'object' || options === null)
    refuse("takes an object, such as { accountSid, authToken, from: '+15005550006' }.")
  const first = ['accountSid', 'perSecond', 'authToken', 'baseUrl'] as const
  const checked = runChecks(options, checks, { refuse, first })
  const { accountSid, apiKey, authToken, baseUrl, from, messagingServiceSid, statusCallback, timeout, maxInFlight } = checked
  return {
    messagesUrl: `${baseUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`,
    authorization: apiKey,
    authTokens: authToken,
    sender: {
      ...(from === undefined ? {} : { From: from }),
      ...(messagingServiceSid === undefined ? {} : { MessagingServiceSid: messagingServiceSid }),
    },
    statusCallback,
    timeout,
    maxInFlight,
  }
}

function checkTokens(given: TwilioOptions['authToken']): readonly string[] {
  const tokens: readonly unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given]
  if (Array.isArray(given) && given.length === 0) refuse('`authToken` is an empty list; leave it out, or name a token.')
  return tokens.map(token =>
    typeof token === 'string' && /^\S{16,}$/.test(token)
      ? token
      : refuse(
          `\`authToken\` must be the auth token of the account, or a list of tokens while one is being replaced.${unsetHint(token, '`authToken`')}`,
        ),
  )
}

/** The user and password of Basic authentication: the API key, or else the account and its first auth token. */
function credentials(options: TwilioOptions): string {
  const { accountSid, apiKey, authToken } = options
  if (apiKey === undefined) {
    const token = typeof authToken === 'string' ? authToken : authToken?.[0]
    return token
      ? `${accountSid}:${token}`
      : refuse(`needs \`authToken\`, or \`apiKey: { sid, secret }\`.${hintOf(options, 'authToken')}`)
  }
  if (typeof apiKey !== 'object' || apiKey === null) return refuse('`apiKey` must be an object, { sid, secret }.')
  if (!isSid('SK', apiKey.sid)) refuse(`\`apiKey.sid\` must be SK and 32 hexadecimal digits.${hintOf(apiKey, 'sid')}`)
  if (typeof apiKey.secret !== 'string' || apiKey.secret === '')
    refuse(`\`apiKey.secret\` is missing.${hintOf(apiKey, 'secret')}`)
  return `${apiKey.sid}:${apiKey.secret}`
}

const e164 = /^\+[1-9]\d{6,14}$/
const shortCode = /^\d{3,8}$/
/** An alphanumeric sender ID has at least one letter. */
const senderName = /^(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}$/

function checkFrom(from: unknown, options: TwilioOptions): string | undefined {
  if (from === undefined && options.messagingServiceSid === undefined) {
    const hint = hintOf(options, 'from') || hintOf(options, 'messagingServiceSid')
    refuse(`needs \`from\`, such as +15005550006, or \`messagingServiceSid\`.${hint}`)
  }
  if (from === undefined) return undefined
  const isSender = typeof from === 'string' && [e164, shortCode, senderName].some(pattern => pattern.test(from))
  return isSender
    ? from
    : refuse(
        `\`from\` must be a number in E.164, a short code, or a name of up to 11 letters and digits.${hintOf(options, 'from')}`,
      )
}

function checkUrl(name: string, text: unknown): string {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : null
  if (url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username) return url.href.replace(/\/+$/, '')
  return refuse(`\`${name}\` must be an absolute http(s) address without query.`)
}
