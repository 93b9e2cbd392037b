// A TCP proxy between a driver and its server, to lose connections at the moment that matters.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** What to do with a message of the client's that matches: once, then the rule is gone. */
export type Fault =
  /** Both ends lose the connection, and the server never gets the message. */
  | 'before'
  /** The server gets it and answers; the client loses the connection instead of hearing. */
  | 'after'
  /** The client loses the connection now; the message reaches the server so many milliseconds later. */
  | { readonly late: number }
  /** The server never gets the message, nor what follows it, and nobody is told: the connection seems to be open. */
  | 'swallowed'
  /** The server gets it and answers; the client hears nothing any more, and nobody is told. */
  | 'unanswered'

export interface TcpProxy {
  /** The server's url, through here. */
  readonly url: string
  /** The next message of a client that matches suffers this. Resolves when it has. */
  readonly fault: (matching: RegExp, fault: Fault) => Promise<void>
  /** Nothing passes any more, on connections open or new, and nobody is told: a half-open connection. */
  readonly silence: () => void
  /** Everything that is open is reset, and what comes from now on passes. */
  readonly heal: () => void
  readonly close: () => Promise<void>
}

interface Line {
  readonly client: Socket
  readonly upstream: Socket
  /** The client has lost it already. */
  deaf: boolean
  silent: 'swallowed' | 'unanswered' | null
}

interface Rule {
  readonly matching: RegExp
  readonly fault: Fault
  readonly met: () => void
}

export async function startProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target)
  const rules: Rule[] = []
  const open = new Set<Socket>()
  let silent = false

  const server = createServer(client => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true })
    const line: Line = { client, upstream, deaf: false, silent: null }
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => open.delete(socket))
    }
    client.on('data', chunk => {
      if (!silent && line.silent !== 'swallowed') pass(line, chunk)
    })
    upstream.on('data', chunk => {
      if (line.deaf) client.resetAndDestroy()
      else if (!silent && !line.silent) client.write(chunk)
    })
    client.on('close', () => line.deaf || upstream.destroy())
    upstream.on('close', () => silent || client.destroy())
  })

  function pass(line: Line, chunk: Buffer): void {
    const text = chunk.toString('latin1')
    const index = rules.findIndex(({ matching }) => matching.test(text))
    const [rule] = index === -1 ? [] : rules.splice(index, 1)
    if (!rule) return void line.upstream.write(chunk)
    const { fault } = rule
    if (fault === 'swallowed' || fault === 'unanswered') {
      line.silent = fault
      if (fault === 'unanswered') line.upstream.write(chunk)
    } else if (fault === 'before') {
      line.client.resetAndDestroy()
      line.upstream.resetAndDestroy()
    } else if (fault === 'after') {
      line.deaf = true
      line.upstream.write(chunk)
      line.client.once('close', () => line.upstream.end())
    } else {
      line.deaf = true
      line.client.resetAndDestroy()
      setTimeout(() => line.upstream.end(chunk), fault.late)
    }
    rule.met()
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = new URL(target)
  url.host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const reset = () => {
    for (const socket of open) socket.resetAndDestroy()
  }
  return {
    url: url.href,
    fault: (matching, fault) => new Promise(met => void rules.push({ matching, fault, met })),
    silence: () => {
      silent = true
    },
    heal: () => {
      reset()
      silent = false
    },
    async close() {
      reset()
      server.close()
      await once(server, 'close')
    },
  }
}
