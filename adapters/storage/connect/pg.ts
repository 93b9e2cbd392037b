// The connector over node-postgres: named statements, own transactions in bounded number, connections that are lost in the open.
import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import type { RawRow } from '../sql/dialect.ts'
import { storageError } from '../sql/errors.ts'
import type { Connector } from './connector.ts'
import { createSlots, poolEmpty, undone, within } from './patience.ts'

export interface PgOptions {
  /** Named prepared statements. Off behind a PgBouncer that does not track them. */
  readonly prepare: boolean
  /** How long to wait for a connection of the pool, in milliseconds. Default 10,000. */
  readonly patience?: number | undefined
}

export function fromPg(pool: Pool, { prepare, patience = 10_000 }: PgOptions): Connector<PoolClient> {
  const nameOf = prepare ? createNames() : () => undefined
  // A pool whose every connection waits for one more of the same pool waits for ever.
  const slots = createSlots(Math.max(1, (pool.options?.max ?? 10) - 1))

  async function query(text: string, values: readonly unknown[], tx?: PoolClient): Promise<readonly RawRow[]> {
    const name = nameOf(text)
    const config = { text, values: [...values], ...(name === undefined ? {} : { name }) }
    if (tx) return (await tx.query<RawRow>(config)).rows
    return withClient(pool, patience, async client => (await client.query<RawRow>(config)).rows)
  }

  async function transaction<T>(work: (tx: PoolClient) => Promise<T>): Promise<T> {
    const free = await slots(patience)
    try {
      return await withClient(pool, patience, client => inTransaction(client, work))
    } finally {
      free()
    }
  }

  return { query, transaction }
}

/** A pool of our own, made at the first statement: node-postgres is loaded then. */
export function fromUrl(connectionString: string, options: PgOptions): Connector<PoolClient> {
  let opened: Promise<{ readonly pool: Pool; readonly connector: Connector<PoolClient> }> | null = null
  const open = () => {
    opened ??= openPool(connectionString).then(pool => ({ pool, connector: fromPg(pool, options) }))
    return opened
  }
  return {
    query: async (text, parameters, tx) => (await open()).connector.query(text, parameters, tx),
    transaction: async work => (await open()).connector.transaction(work),
    async close() {
      const closing = opened
      opened = null
      await (await closing)?.pool.end()
    },
  }
}

async function openPool(connectionString: string): Promise<Pool> {
  const { default: pg } = await import('pg').catch(cause => {
    throw new Error('postgresStorage needs the package `pg`: npm install pg', { cause })
  })
  const pool = new pg.Pool({ connectionString })
  // An idle connection that the server ends is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

async function inTransaction<T>(client: PoolClient, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  await client.query('begin isolation level read committed')
  try {
    const result = await work(client)
    const { command } = await client.query('commit')
    // What failed and was caught inside has undone everything: Postgres answers COMMIT with ROLLBACK, and no error.
    if (command !== 'COMMIT') throw new Error(undone)
    return result
  } catch (error) {
    // A connection that cannot even roll back is not given back: see `broken`.
    await client.query('rollback').catch(() => broken.add(client))
    throw error
  }
}

const broken = new WeakSet<PoolClient>()

async function withClient<T>(pool: Pool, patience: number, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool, patience)
  // Without a listener a connection that dies between two statements ends the process.
  const lost = () => broken.add(client)
  client.on('error', lost)
  try {
    return await work(client)
  } finally {
    client.removeListener('error', lost)
    client.release(broken.has(client))
  }
}

/** A connection that comes after our patience has ended goes straight back. */
async function connect(pool: Pool, patience: number): Promise<PoolClient> {
  const waiting = pool.connect()
  const client = await within(waiting, patience)
  if (client !== null) return client
  waiting.then(
    late => late.release(),
    () => {},
  )
  throw storageError('unavailable', poolEmpty(patience))
}

/** A statement's name is a digest of its text. Lists come in many shapes; past the bound they go unnamed. */
function createNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  return text => {
    const known = names.get(text)
    if (known !== undefined || names.size >= 200) return known
    const name = `invitekit_${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`
    names.set(text, name)
    return name
  }
}
