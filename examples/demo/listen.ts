// Opens the port before anything else is created: the demo stops here if it is taken, and links need its number.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export async function listen(wanted: number): Promise<{ server: Server; origin: string; port: number }> {
  const server = createServer()
  server.listen(wanted, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    giveUp(
      error.code === 'EADDRINUSE'
        ? `Port ${wanted} is taken: stop what runs there, or choose another one with PORT=${wanted + 1} npm start.`
        : `Port ${wanted} cannot be used: ${error.message}`,
    )
  })
  const { port } = server.address() as AddressInfo
  return { server, port, origin: `http://127.0.0.1:${port}` }
}

/** On Ctrl-C: stops listening, closes all connections, then calls `close`. */
export function onStop(server: Server, close: () => Promise<void>): void {
  const stop = async () => {
    server.close()
    server.closeAllConnections()
    await close()
    process.exit(0)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

/** Prints one sentence and exits. */
export function giveUp(reason: unknown): never {
  const { message, code } = reason instanceof Error ? (reason as NodeJS.ErrnoException) : { message: String(reason) }
  console.error(message || code)
  process.exit(1)
}
