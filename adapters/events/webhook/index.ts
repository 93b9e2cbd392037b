// Events to an HTTP endpoint: signed, each with one id over all tries, and never to an address that is not public.
import type { Sink } from '../../../src/core.ts'
import { checkEndpoint } from './check-options.ts'
import { toHookError, toRefusal } from './failure.ts'
import { createInOrder } from './in-order.ts'
import type { WebhookOptions } from './options.ts'
import { createPost } from './post.ts'

export type { WebhookOptions } from './options.ts'

export interface WebhookSink extends Sink {
  /** Ends the connections that are kept open. */
  close(): Promise<void>
}

/** Milliseconds that one try may take. */
const timeoutMs = 15_000

/**
 * Posts each event to a webhook endpoint.
 *
 * ```ts
 * sinks: [webhookSink({ url: 'https://example.com/hooks', secret: process.env['WEBHOOK_SECRET'] ?? '' })]
 * ```
 * Throws a `TypeError` at once when an option cannot work. Any 2xx takes the event. 410 says that the endpoint is gone: the
 * sink is switched off until `invites.relay.enable(name)`. Every other answer, and none in 15 seconds, is tried again by the
 * relay, no sooner than `Retry-After` asks.
 * Events are posted one after the other; a slow answer holds those of other invites up by a quarter of a second. Put them
 * in order by `sequence`: a retry comes later, and another process may come in between.
 */
export function webhookSink(options: WebhookOptions): WebhookSink {
  const endpoint = checkEndpoint(options)
  const { post, close } = createPost(endpoint.url, endpoint.addressGuard)
  const inTurn = createInOrder()
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
  const timer = setTimeout(stop, timeoutMs)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}
