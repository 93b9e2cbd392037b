// The way back over node:http: a fetch Response written at the pace of its reader, and who leaves early harms nobody.
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Writes an answer at the pace of its reader. Rejects when the body breaks off; the client then sees a broken transfer. */
export async function sendResponse(response: Response, req: IncomingMessage, res: ServerResponse): Promise<void> {
  // A middleware for timeouts has answered in the meantime, or the client has left.
  if (res.headersSent || res.writableEnded || res.destroyed) return response.body?.cancel()
  res.statusCode = response.status
  if (response.statusText && req.httpVersionMajor < 2) res.statusMessage = response.statusText
  for (const [name, value] of response.headers) {
    // The host may have put its session's cookie and the Vary of its CORS already.
    if (name === 'set-cookie' || name === 'vary') res.appendHeader(name, value)
    else res.setHeader(name, value)
  }
  linger(req, res)
  if (response.body && req.method !== 'HEAD') return pump(response.body, res)
  await response.body?.cancel()
  res.end()
}

/** A client may send on after a refusal: closing at once would cost it the answer (TCP RST), waiting would last forever. */
export function linger(req: IncomingMessage, res: ServerResponse): void {
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
