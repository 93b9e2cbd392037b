// The way back over node:http: an answer written at the pace of its reader, and who leaves early harms nobody.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { cancel, isAdded, type Outgoing } from '../../handler/message.ts'

/** Writes an answer at the pace of its reader. Rejects when the body breaks off; the client then sees a broken transfer. */
export async function send(outgoing: Outgoing, req: IncomingMessage, res: ServerResponse): Promise<void> {
  // A middleware for timeouts has answered in the meantime, or the client has left.
  if (res.headersSent || res.writableEnded || res.destroyed) return cancel(outgoing)
  res.statusCode = outgoing.status
  for (const [name, value] of outgoing.headers) {
    if (isAdded(name)) res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  linger(req, res)
  const body = req.method === 'HEAD' ? null : outgoing.body
  if (body instanceof ReadableStream) return pump(body, res)
  cancel(outgoing)
  res.end(body ?? undefined)
}

/** A client may send on after a refusal: closing at once would cost it the answer (TCP RST), waiting would last forever. */
export function linger(req: IncomingMessage, res: ServerResponse): void {
  if (req.complete) return
  res.once('finish', () => {
    if (!req.complete) setTimeout(() => (req.complete ? undefined : req.destroy()), 2_000).unref()
  })
}

async function pump(body: ReadableStream<Uint8Array>, res: ServerResponse): Promise<void> {
  const reader = body.getReader()
  let left = false
  const leave = () => {
    left = true
    reader.cancel().catch(() => undefined) // ends a read under way, which might wait forever
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
