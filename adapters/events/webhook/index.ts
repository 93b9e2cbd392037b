// `invitekit/webhook`: a sink that posts events to an HTTP endpoint. Each request is signed and has the same id on every try,
// and none goes to an address that is not public.
import type { Sink } from '../../../src/core.ts'
import { checkEndpoint } from './check-options.ts'
import { toHookError, toStatusError } from './failure.ts'
import { createInOrder } from './in-order.ts'
import type { WebhookOptions } from './options.ts'
import { createPost } from './post.ts'

export type { WebhookOptions } from './options.ts'

export interface WebhookSink extends Sink {
  /** Closes the connections of the pool. */
  close(): Promise<void>
}

/** For one request, from its start to the end of the response. */
const timeoutMs = 15_000

/**
 * Posts each event to a webhook endpoint.
 *
 * ```ts
 * sinks: [webhookSink({ url: 'https://example.com/hooks', secret: process.env['WEBHOOK_SECRET'] ?? '' })]
 * ```
 * Throws a `TypeError` at once when an option cannot work. Any 2xx takes the event. 410 means that the endpoint is gone: the
 * sink is switched off until `invites.relay.enable(name)`. After every other status, and without a response in 15 seconds,
 * the relay tries again, no sooner than `Retry-After` asks.
 *
 * Events are posted one after the other; a slow response delays events of other invites by at most a quarter of a second.
 * A receiver that needs their order takes it from `sequence`: a retry comes later, and events of another process may come
 * in between.
 */
export function webhookSink(options: WebhookOptions): WebhookSink {
  const endpoint = checkEndpoint(options)
  const { post, close } = createPost(endpoint.url, endpoint.addressGuard)
  const inOrder = createInOrder()
  return {
    name: endpoint.name,
    async publish(event, { signal }) {
      if (!endpoint.types.has(event.type)) return
      const body = Buffer.from(JSON.stringify(endpoint.toBody(event)))
      const send = (abort: AbortSignal) =>
        post({ body, headers: { ...commonHeaders, ...endpoint.sign(event.id, body) } }, abort)
      const { status, retryAfter } = await inOrder(signal, () => withTimeout(signal, send)).catch(error => {
        throw toHookError(error, signal)
      })
      if (status < 200 || status > 299) throw toStatusError(status, retryAfter)
    },
    close,
  }
}

const commonHeaders = { 'content-type': 'application/json', 'user-agent': 'invitekit' }

/** Aborts the work when the signal does, or after `timeoutMs`. */
async function withTimeout<T>(signal: AbortSignal, work: (abort: AbortSignal) => Promise<T>): Promise<T> {
  // Not AbortSignal.timeout: fake timers do not reach it.
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), timeoutMs)
  try {
    return await work(AbortSignal.any([signal, timeout.signal]))
  } finally {
    clearTimeout(timer)
  }
}
