// A Postgres that is a millisecond away, as in another zone of a cloud: its answers come so much later. A process of its own,
// so that it takes no time from either side.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

const { hostname, port } = new URL(JSON.parse(process.argv[2] ?? ''))
const noDelay = true

const server = createServer({ noDelay }, client => {
  const upstream = connect({ host: hostname, port: Number(port), noDelay })
  client.pipe(upstream)
  // Timers of one length fire in the order in which they were set.
  upstream.on('data', chunk => setTimeout(() => client.write(chunk), 1))
  for (const [one, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    one.on('error', () => {})
    one.on('close', () => other.destroy())
  }
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
process.send?.((server.address() as AddressInfo).port)
process.once('disconnect', () => process.exit())
