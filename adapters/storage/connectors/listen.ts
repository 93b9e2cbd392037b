// A connection of node-postgres that listens (LISTEN), beside the pool: a pooled connection may be closed or given to others.
import type { Client, ClientConfig, Pool } from 'pg'
import type { Connector } from './connector.ts'
import { inTime, within } from './deadline.ts'

type Listen<Tx> = NonNullable<Connector<Tx>['listen']>

/** Null when the pool does not expose its `Client` and options. `deadline`: milliseconds for connecting, and for `LISTEN`. */
export function listenOn<Tx>(pool: Pool, deadline: number): Listen<Tx> | null {
  const { Client, options } = pool as unknown as { Client?: new (config: ClientConfig) => Client; options?: ClientConfig }
  if (typeof Client !== 'function' || options === undefined) return null
  return async (channel, { heard, lost }) => {
    const client = new Client({ ...options, password: options.password, keepAlive: true, keepAliveInitialDelayMillis: 10_000 })
    // An error that ends the connection also rejects its queries and emits `end`.
    client.on('error', () => {})
    client.on('notification', ({ payload = '' }) => heard(payload))
    // A server that is gone never answers the end.
    const end = async () =>
      void (await within(
        client.end().catch(() => {}),
        1_000,
      ))
    try {
      await inTime(client.connect(), deadline)
      await inTime(client.query(`listen ${client.escapeIdentifier(channel)}`), deadline)
    } catch (error) {
      void end()
      throw error
    }
    client.on('end', lost)
    return end
  }
}
