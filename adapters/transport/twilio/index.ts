// `invitekit/twilio`: a transport that sends SMS through Twilio's REST API with the platform's fetch, without a package.
import type { OutgoingMessage, Transport } from '../../../src/core.ts'
import { receiver } from './callback.ts'
import { type Account, checkAccount } from './check-options.ts'
import { noAnswer, notE164, refusal } from './failure.ts'
import type { TwilioOptions } from './options.ts'

export type { TwilioOptions } from './options.ts'

/**
 * Sends SMS through Twilio, and reads its callbacks.
 *
 * ```ts
 * transports: { sms: twilioTransport({ accountSid, authToken, from: '+15005550006' }) }
 * ```
 * Throws a `TypeError` at once when an option cannot work. A 4xx is permanent, except for 429 (its Retry-After is obeyed)
 * and refused credentials; a 5xx and a missing response are tried again. Twilio has no idempotency key: when it took a
 * request and the response was lost, the message is sent again, unless a callback has reported it by then.
 *
 * **Callbacks.** `POST {publicUrl}/callbacks/sms` reads Twilio's status callbacks, which every message asks for. Set the same
 * address as the webhook for incoming messages of your number or Messaging Service, and it reads STOP and START too: STOP
 * suppresses the number in every organization that invites it, and START undoes that.
 *
 * The `X-Twilio-Signature` is checked over `publicUrl`, so a proxy may change host, scheme and prefix, and over the fields in
 * any order. All mounts pass a form on unchanged, also behind a body parser. A JSON body (`bodySHA256`) needs its bytes:
 * mount `expressRouter` and `koaRouter` before a JSON parser, or let the parser keep them as `req.rawBody`. `honoRouter`,
 * `nodeListener` and `createHandler` have the bytes in any case.
 */
export function twilioTransport(options: TwilioOptions): Transport {
  const account = checkAccount(options)
  return {
    reach: 'phone',
    maxInFlight: account.maxInFlight,
    perSecond: options.perSecond,
    send: message => send(account, message),
    ...(account.authTokens.length > 0 ? { receive: receiver(account) } : {}),
  }
}

async function send(account: Account, message: OutgoingMessage): Promise<{ readonly providerId?: string }> {
  if (!/^\+[1-9]\d{6,14}$/.test(message.to)) throw notE164()
  const signal = AbortSignal.any([message.signal, AbortSignal.timeout(account.timeout)])
  try {
    const response = await fetch(account.messagesUrl, {
      method: 'POST',
      headers: { authorization: account.authorization, accept: 'application/json' },
      body: new URLSearchParams({
        To: message.to,
        Body: message.text,
        ...account.sender,
        ...callbackOf(account, message),
      }),
      // A redirect is not followed: it would send the credentials to another address.
      redirect: 'manual',
      signal,
    })
    const answer: unknown = await response.json().catch(() => null)
    if (!response.ok) throw refusal(response, answer)
    const sid = answer !== null && typeof answer === 'object' && 'sid' in answer ? answer.sid : null
    return typeof sid === 'string' ? { providerId: sid } : {}
  } catch (error) {
    throw error instanceof Error && 'failure' in error ? error : noAnswer(signal)
  }
}

/** No callback for an address on this machine: Twilio refuses a message whose callback it cannot reach. */
function callbackOf({ statusCallback }: Account, { callbackUrl, id }: OutgoingMessage) {
  if (statusCallback === false) return {}
  if (statusCallback !== null) return { StatusCallback: `${statusCallback}?id=${encodeURIComponent(id)}` }
  if (callbackUrl === undefined || isLoopback(new URL(callbackUrl).hostname)) return {}
  return { StatusCallback: callbackUrl }
}

const isLoopback = (host: string): boolean => /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$|\.localhost$/.test(host)
