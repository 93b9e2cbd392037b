// The port first: whether it is free decides whether anything else is touched, and links need to know it.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export async function listen(wanted: number): Promise<{ server: Server; origin: string; port: number }> {
  const server = createServer()
  server.listen(wanted, '127.0.0.1')
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `Port ${wanted} is taken: stop what runs there, or choose another one with PORT=${wanted + 1} npm start.`
        : `Port ${wanted} cannot be used: ${error.message}`,
    )
    process.exit(1)
  })
  const { port } = server.address() as AddressInfo
  return { server, port, origin: `http://127.0.0.1:${port}` }
}

/** Ctrl-C: nobody new, open pages let go, then `close`. */
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
