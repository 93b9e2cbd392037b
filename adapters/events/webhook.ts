// Events to an HTTP endpoint: signed, each with one id over all tries, and never to an address that is not public.
import type { InviteEventType, Sink } from '../../src/index.ts'
import { checkEndpoint } from './webhook/check.ts'
import { toHookError, toRefusal } from './webhook/failure.ts'
import { createPost } from './webhook/post.ts'
import { createTurns } from './webhook/turns.ts'

export interface WebhookOptions {
  /** An https address, without user or password. Redirects are not followed. */
  readonly url: string
  /**
   * What signs: at least 24 bytes, as `whsec_` and base64, or as bytes. Several sign each message, so that the receiver can
   * change from one to the next. The `smile` format has one, and takes a text as it stands.
   */
  readonly secret: string | Uint8Array | readonly (string | Uint8Array)[]
  /** Which events to send. Default: all that the format knows. */
  readonly events?: readonly InviteEventType[] | undefined
  /** `standard` (default): standardwebhooks.com. `smile`: INVITE_INVITED and INVITE_LINKED, as Smile's clients expect them. */
  readonly format?: 'standard' | 'smile' | undefined
  /** Hosts and address ranges (`10.0.0.0/8`) that may be private or plain http. Default: none. */
  readonly allow?: readonly string[] | undefined
  /** Names this sink in the outbox: keep it the same over deployments. Default `'webhook'`. */
  readonly name?: string | undefined
  /** Begins the user ids of the `smile` format. Default: the organization's id. */
  readonly tenant?: string | undefined
}

export interface WebhookSink extends Sink {
  /** Ends the connections that are kept open. */
  close(): Promise<void>
}

/** Milliseconds that one try may take. */
const patience = 15_000

/**
 * Posts each event to a webhook endpoint.
 *
 * ```ts
 * sinks: [webhookSink({ url: 'https://example.com/hooks', secret: process.env['WEBHOOK_SECRET'] ?? '' })]
 * ```
 * Throws a `TypeError` at once when an option cannot work. Any 2xx takes the event. 410 says that the endpoint is gone: the
 * sink is switched off until `invites.relay.enable(name)`. Every other answer, and none in 15 seconds, is tried again by the
 * relay, no sooner than `Retry-After` asks.
 * Events are posted one after the other; a slow answer holds the next up by a quarter of a second. Put them in order by
 * `sequence`: a retry comes later, and under load so may a first try.
 */
export function webhookSink(options: WebhookOptions): WebhookSink {
  const endpoint = checkEndpoint(options)
  const { post, close } = createPost(endpoint.url, endpoint.reach)
  const inTurn = createTurns()
  return {
    name: endpoint.name,
    async publish(event, { signal }) {
      if (!endpoint.types.has(event.type)) return
      const body = Buffer.from(JSON.stringify(endpoint.toBody(event)))
      const send = (stop: AbortSignal) => post({ body, headers: { ...common, ...endpoint.sign(event.id, body) } }, stop)
      const { status, retryAfter } = await inTurn(signal, () => inTime(signal, send)).catch(error => {
        throw toHookError(error, signal)
      })
      if (status < 200 || status > 299) throw toRefusal(status, retryAfter)
    },
    close,
  }
}

const common = { 'content-type': 'application/json', 'user-agent': 'invitekit' }

/** Stops the work when the signal says so, or when it has had its time. */
async function inTime<T>(signal: AbortSignal, work: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  const stop = () => controller.abort()
  const timer = setTimeout(stop, patience)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
