// One POST over a connection whose address was looked at when it was made. Of the answer only status and Retry-After stay.
import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import https from 'node:https'
import { type AddressGuard, createLookup } from './address-guard.ts'

export interface Letter {
  readonly body: Buffer
  readonly headers: OutgoingHttpHeaders
}

export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
}

/** Bytes of an answer that are read, so that its connection can be used again. */
const cap = 65_536
/** Milliseconds from the answer's head to its end. */
const grace = 1000

/** `post` rejects with what broke the connection; `stop` ends it. */
export function createPost(url: URL, reach: AddressGuard) {
  const { Agent, request: open } = url.protocol === 'https:' ? https : http
  const kept = new Agent({ keepAlive: true, maxFreeSockets: 8, timeout: 60_000 })
  const lookup = createLookup(reach)

  function send({ body, headers }: Letter, stop: AbortSignal, agent: http.Agent | false): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = { 'content-length': body.length }
      const request = open(url, { method: 'POST', headers: { ...headers, ...length }, agent, lookup, signal: stop })
      let isAnswered = false
      request.once('response', response => {
        isAnswered = true
        const { statusCode = 0, headers } = response
        void discard(response).then(() => resolve({ status: statusCode, retryAfter: headers['retry-after'] }))
      })
      request.on('error', error => {
        if (isAnswered) return
        // The endpoint ended the kept connection while we wrote. The id is the same, should it have read all the same.
        if (request.reusedSocket && isReset(error)) resolve(send({ body, headers }, stop, false))
        else reject(error)
      })
      // Such as after 101, which ends the connection without an error.
      request.once('close', () => {
        if (!isAnswered) reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }))
      })
      request.end(body)
    })
  }

  return {
    post: (letter: Letter, stop: AbortSignal) => send(letter, stop, kept),
    close: async () => kept.destroy(),
  }
}

const isReset = ({ code }: NodeJS.ErrnoException) => code === 'ECONNRESET' || code === 'EPIPE'

/** Settles when the answer has ended, or was cut off for its length or slowness. */
function discard(response: IncomingMessage): Promise<void> {
  return new Promise(resolve => {
    let left = cap
    const cut = () => void response.destroy()
    const timer = setTimeout(cut, grace)
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
