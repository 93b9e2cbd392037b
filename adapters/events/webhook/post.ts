// Sends one POST request through a connection pool that checks addresses. Of the response only the status and Retry-After
// are kept.
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import https from 'node:https'
import { type AddressGuard, createLookup } from './address-guard.ts'

export interface PostRequest {
  readonly body: Buffer
  readonly headers: OutgoingHttpHeaders
}

export interface PostResponse {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** A response body is read up to this size, so that its connection can be used again. It is cut off after that. */
const maxBodyBytes = 65_536
/** From the head of a response to its end. */
const maxBodyMs = 1000

/** `post` rejects with the error of the connection. */
export function createPost(url: URL, guard: AddressGuard) {
  const { Agent, request: open } = url.protocol === 'https:' ? https : http
  const pool = new Agent({ keepAlive: true, maxFreeSockets: 8, timeout: 60_000 })
  const lookup = createLookup(guard)

  function send({ body, headers }: PostRequest, signal: AbortSignal, agent: http.Agent | false): Promise<PostResponse> {
    return new Promise((resolve, reject) => {
      const length = { 'content-length': body.length }
      const request = open(url, { method: 'POST', headers: { ...headers, ...length }, agent, lookup, signal })
      let hasResponse = false
      request.once('response', response => {
        hasResponse = true
        const { statusCode = 0, headers } = response
        void discard(response).then(() => resolve({ status: statusCode, retryAfter: headers['retry-after'] }))
      })
      request.on('error', error => {
        if (hasResponse) return
        // The endpoint closed a pooled connection while the request was written: try a fresh one. If it has read the event
        // after all, it sees the same id twice.
        if (request.reusedSocket && isReset(error)) resolve(send({ body, headers }, signal, false))
        else reject(error)
      })
      // After a response such as 101 the connection ends without an error event.
      request.once('close', () => {
        if (!hasResponse) reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
      })
      request.end(body)
    })
  }

  return {
    post: (request: PostRequest, signal: AbortSignal) => send(request, signal, pool),
    close: async () => pool.destroy(),
  }
}

const isReset = ({ code }: NodeJS.ErrnoException) => code === 'ECONNRESET' || code === 'EPIPE'

/** Resolves when the response has ended, or was cut off because it is too long or too slow. */
function discard(response: IncomingMessage): Promise<void> {
  return new Promise(resolve => {
    let left = maxBodyBytes
    const cut = () => void response.destroy()
    const timer = setTimeout(cut, maxBodyMs)
    response.on('data', (chunk: Buffer) => {
      left -= chunk.length
      if (left < 0) cut()
    })
    response.on('error', cut)
    response.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
