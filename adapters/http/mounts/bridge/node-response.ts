// Writes an answer to a node:http response, no faster than the client reads it, and stops when the client leaves.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { cancel, isAdded, type Outgoing } from '../../handler/message.ts'

/** Rejects when the body fails halfway; the client then sees a broken transfer. */
export async function send(outgoing: Outgoing, req: IncomingMessage, res: ServerResponse): Promise<void> {
  // A timeout middleware has answered in the meantime, or the client has left.
  if (res.headersSent || res.writableEnded || res.destroyed) return cancel(outgoing)
  res.statusCode = outgoing.status
  for (const [name, value] of outgoing.headers) {
    if (isAdded(name)) res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  closeLate(req, res)
  const body = req.method === 'HEAD' ? null : outgoing.body
  if (body instanceof ReadableStream) return pipe(body, res)
  cancel(outgoing)
  res.end(body ?? undefined)
}

/** Closes the connection 2 s after the answer when the client still sends its body. At once, a TCP reset could lose the answer. */
export function closeLate(req: IncomingMessage, res: ServerResponse): void {
  if (req.complete) return
  res.once('finish', () => {
    if (!req.complete) setTimeout(() => (req.complete ? undefined : req.destroy()), 2_000).unref()
  })
}

async function pipe(body: ReadableStream<Uint8Array>, res: ServerResponse): Promise<void> {
  const reader = body.getReader()
  let left = false
  const leave = () => {
    left = true
    reader.cancel().catch(() => undefined) // ends a pending read, which might wait forever
  }
  res.once('close', leave)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (left) return
      if (done) break
      if (!res.write(value)) await drained(res)
    }
    res.end()
  } catch (error) {
    res.destroy()
    throw error
  } finally {
    res.off('close', leave)
  }
}

const drained = (res: ServerResponse): Promise<void> =>
  new Promise(resolve => {
    const done = () => {
      res.off('drain', done).off('close', done)
      resolve()
    }
    res.once('drain', done).once('close', done)
  })
