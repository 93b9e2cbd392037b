// The connector over node-postgres: named statements, a bounded number of own transactions, and lost connections.
import { createHash } from 'node:crypto'
import type { Pool, PoolClient, QueryConfig } from 'pg'
import { hasFunctions } from '../../../src/core.ts'
import { checkTx } from '../check-options.ts'
import type { RawRow } from '../sql/dialect.ts'
import { storageError } from '../sql/errors.ts'
import type { Bounded, Timeouts } from './connector.ts'
import { inTime, isGivenUp, within } from './deadline.ts'
import { listenOn } from './listen.ts'
import { createSlots, poolEmpty, undone } from './timeouts.ts'

export interface PgOptions extends Timeouts {
  /** Named prepared statements. Off behind a PgBouncer that does not track them. */
  readonly prepare: boolean
}

export function fromPg(
  pool: Pool,
  { prepare, acquireTimeoutMs = 10_000, deadlineMs = 15_000 }: PgOptions,
): Bounded<PoolClient> {
  const nameOf = prepare ? createNames() : () => undefined
  // One connection stays free: if every connection of a pool waits for another of the same pool, all wait for ever.
  const slots = createSlots(Math.max(1, (pool.options?.max ?? 10) - 1))
  /** For connections in our own transactions. The host ends its own. */
  const deadlines = new WeakMap<PoolClient, number>()

  async function query(text: string, values: readonly unknown[], tx?: PoolClient): Promise<readonly RawRow[]> {
    const name = nameOf(text)
    const config = { text, values: [...values], ...(name === undefined ? {} : { name }) }
    if (tx) return ask(tx, config, deadlines.get(tx))
    return withClient(pool, acquireTimeoutMs, client => ask(client, config, deadlineMs))
  }

  async function transaction<T>(work: (tx: PoolClient) => Promise<T>, { slow = false } = {}): Promise<T> {
    const free = await slots(acquireTimeoutMs)
    try {
      return await withClient(pool, acquireTimeoutMs, client => {
        if (!slow) deadlines.set(client, deadlineMs)
        return inTransaction(client, work, deadlines.get(client)).finally(() => deadlines.delete(client))
      })
    } finally {
      free()
    }
  }

  const listen = listenOn<PoolClient>(pool, deadlineMs)
  return { query, checkTx: checkClient, transaction, ...(listen && { listen }) }
}

function checkClient(tx: unknown): void {
  const isOne = hasFunctions(tx, 'query') && !('totalCount' in tx) && !isIdle(tx)
  checkTx(isOne, 'the client that `pool.connect()` gave you, with `begin` run on it')
}

type ClientState = Partial<Pick<PoolClient, 'getTransactionStatus'>> & {
  readonly readyForQuery?: unknown
  readonly pipeline?: unknown
}

/** In no transaction, and no query under way. Unknown, so false, with older versions of node-postgres and with pipelines. */
const isIdle = (client: ClientState): boolean =>
  client.getTransactionStatus?.() === 'I' && client.readyForQuery === true && !client.pipeline

/** A pool of our own. It is opened, and node-postgres loaded, at the first statement. */
export function fromUrl(connectionString: string, options: PgOptions): Bounded<PoolClient> {
  let opened: Promise<{ readonly pool: Pool; readonly connector: Bounded<PoolClient> }> | null = null
  let isClosed = false
  const open = () => {
    if (isClosed) throw storageError('unavailable', 'the storage is closed')
    opened ??= openPool(connectionString, options).then(pool => ({ pool, connector: fromPg(pool, options) }))
    return opened
  }
  return {
    query: async (text, parameters, tx) => (await open()).connector.query(text, parameters, tx),
    checkTx: checkClient,
    transaction: async (work, how) => (await open()).connector.transaction(work, how),
    async listen(channel, listener) {
      const { connector } = await open()
      if (!connector.listen) throw new Error('this version of node-postgres does not say how to listen')
      return connector.listen(channel, listener)
    },
    async close() {
      const closing = opened
      isClosed = true
      opened = null
      await (await closing)?.pool.end()
    },
  }
}

async function openPool(connectionString: string, { acquireTimeoutMs = 10_000 }: PgOptions): Promise<Pool> {
  const { default: pg } = await import('pg').catch(cause => {
    throw new Error('postgresStorage needs the package `pg`: npm install pg', { cause })
  })
  // Longer than callers wait for a connection: one that is never established would otherwise keep its slot for ever.
  const pool = new pg.Pool({ connectionString, keepAlive: true, connectionTimeoutMillis: acquireTimeoutMs + 1_000 })
  // An idle connection that the server ends is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {})
  return pool
}

type Work<T> = (tx: PoolClient) => Promise<T>

async function inTransaction<T>(client: PoolClient, work: Work<T>, deadline: number | undefined): Promise<T> {
  await run(client, 'begin isolation level read committed', deadline)
  try {
    const result = await work(client)
    const { command } = await run(client, 'commit', deadline)
    // After a failed statement whose error was caught, Postgres answers COMMIT with ROLLBACK and no error.
    if (command !== 'COMMIT') throw new Error(undone)
    return result
  } catch (error) {
    // A connection that cannot roll back is closed, and the server then rolls back.
    if (!broken.has(client)) await run(client, 'rollback', deadline).catch(() => broken.add(client))
    throw error
  }
}

const ask = async (client: PoolClient, config: QueryConfig, deadline: number | undefined): Promise<readonly RawRow[]> =>
  (await run<RawRow>(client, config, deadline)).rows

/** A connection that has not answered in time is used no more: the next statement would wait behind the first. */
async function run<R extends RawRow>(client: PoolClient, config: QueryConfig | string, deadline: number | undefined) {
  try {
    const answer = client.query<R>(config)
    return await (deadline === undefined ? answer : inTime(answer, deadline))
  } catch (error) {
    if (isGivenUp(error) || (error instanceof Error && error.message === 'Query read timeout')) broken.add(client)
    throw error
  }
}

/** Connections that are closed instead of released. */
const broken = new WeakSet<PoolClient>()

async function withClient<T>(pool: Pool, acquireTimeoutMs: number, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool, acquireTimeoutMs)
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

/** A connection that arrives after the timeout is released at once. */
async function connect(pool: Pool, acquireTimeoutMs: number): Promise<PoolClient> {
  const waiting = pool.connect()
  const client = await within(waiting, acquireTimeoutMs)
  if (client !== null) return client
  waiting.then(
    late => late.release(),
    () => {},
  )
  throw storageError('unavailable', poolEmpty(acquireTimeoutMs))
}

/** Beyond this many, new statements are not named. */
const maxNames = 200

/** A statement's name is a digest of its text. */
function createNames(): (text: string) => string | undefined {
  const names = new Map<string, string>()
  return text => {
    const named = names.get(text)
    if (named !== undefined || names.size >= maxNames) return named
    const name = `invitekit_${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`
    names.set(text, name)
    return name
  }
}
