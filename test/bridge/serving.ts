// Real sockets for the bridge's tests: a server around a host, a proxy that cuts its path off, and clients without manners.
import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Handle } from '../../adapters/http/handler/exchange.ts'
import { bases, hosts, type Mount, type Parser } from './hosts.ts'

export async function listen(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return port
}

/** Forwards `/app/…` as `/…`, the way nginx does with `proxy_pass http://host/`. */
const proxyTo =
  (port: number): RequestListener =>
  (req, res) => {
    const headers = { ...req.headers, host: 'internal', 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '203.0.113.9' }
    const onward = request({ port, method: req.method, path: req.url?.replace(/^\/app/, ''), headers }, back => {
      res.writeHead(back.statusCode ?? 502, back.rawHeaders)
      back.pipe(res)
    })
    req.pipe(onward)
  }

export interface Serving {
  readonly port: number
  /** The mount, from outside. */
  readonly url: string
  readonly caught: unknown[]
}

export async function serving(
  name: string,
  { handle, parser = 'none', mount = 'prefix' }: { readonly handle: Handle; readonly parser?: Parser; readonly mount?: Mount },
): Promise<Serving> {
  const caught: unknown[] = []
  const inner = await listen(hosts[name]!({ handle, parser, mount, caught: error => caught.push(error) }))
  const port = mount === 'proxy' ? await listen(proxyTo(inner)) : inner
  return { port, url: `http://127.0.0.1:${port}${bases[mount]}`, caught }
}

export function dial(port: number): Socket {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  return socket
}

/** Writes bytes as they are and answers the first line that comes back. */
export async function firstLine(port: number, text: string): Promise<string> {
  const socket = dial(port)
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) {
    answer += chunk
    if (answer.includes('\r\n')) break
  }
  return answer.split('\r\n')[0] ?? ''
}

/** A request by node:http, which shows headers as they came. */
export function call(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string | string[]> } = {},
) {
  return new Promise<{ readonly message: IncomingMessage; readonly text: string }>((resolve, reject) => {
    const outgoing = request(url, options, async message => {
      let text = ''
      try {
        for await (const chunk of message) text += chunk
        resolve({ message, text })
      } catch (error) {
        reject(error)
      }
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** Rejects after a second: refusals may not wait for anything. */
export const soon = <T>(promise: Promise<T>): Promise<T> =>
  Promise.race([
    promise,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('took longer than a second')), 1_000).unref()),
  ])

/** Until it holds. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(resolve => setTimeout(resolve, 5))
}
