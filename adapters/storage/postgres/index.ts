// Storage on Postgres, over node-postgres or another library of the host's. Facts are read in one statement or assumed, and a
// commit is one statement.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Storage } from '../../../src/core.ts'
import { type Bounded, type Connector, isConnector } from '../connectors/connector.ts'
import { fromPg, fromUrl } from '../connectors/pg.ts'
import { withTimeouts } from '../connectors/timeouts.ts'
import type { Run, Tuples } from '../sql/dialect.ts'
import { createDisabledSinks } from '../sql/disabled-sinks.ts'
import { createLists } from '../sql/lists/lists.ts'
import { createSuppressions } from '../sql/suppressions.ts'
import { namesOf } from '../sql/tables.ts'
import { createTemplates, type Unit } from '../sql/templates.ts'
import { checkPool, checkPostgres } from './check-options.ts'
import { incrementCounter } from './counters.ts'
import { postgres } from './dialect.ts'
import { explained, isConflict } from './errors.ts'
import { migrate } from './migrate.ts'
import type { PostgresOptions } from './options.ts'
import { createReports } from './outbox/delivery-reports.ts'
import { createNotify } from './outbox/notify.ts'
import { createOutbox } from './outbox/outbox.ts'
import { createFind, createRead } from './read/read.ts'
import { createClock } from './speculation/clock.ts'
import { createSpeculativeCommit } from './speculation/commit.ts'
import { createFindWithVersions } from './speculation/find-versions.ts'
import { createTransactions } from './write/transactions.ts'

export type { Connector, ConnectorOptions } from '../connectors/connector.ts'
export { fromDrizzle } from '../connectors/drizzle.ts'
export { fromKnex } from '../connectors/knex.ts'
export { fromKysely } from '../connectors/kysely.ts'
export { fromPrisma } from '../connectors/prisma.ts'
export type { PostgresOptions } from './options.ts'

/**
 * Needs the tables: `await invites.migrate()`. `close()` ends the pool of a connection string, never one of yours. Throws a
 * `TypeError` at once when what it is given cannot work.
 */
export function postgresStorage(source: { readonly pool: Pool } & PostgresOptions): Storage<PoolClient>
export function postgresStorage(source: string, options?: PostgresOptions): Storage<PoolClient>
export function postgresStorage<Tx>(source: Connector<Tx>, options?: PostgresOptions): Storage<Tx>
export function postgresStorage<Tx>(
  source: string | ({ readonly pool: Pool } & PostgresOptions) | Connector<Tx>,
  options: PostgresOptions = {},
): Storage<PoolClient> | Storage<Tx> {
  checkPostgres(options)
  if (typeof source === 'string' && source !== '')
    return storageOver(fromUrl(source, { prepare: options.prepare ?? false, ...timeoutsOf(options) }), options)
  if (isConnector<Tx>(source)) return storageOver(withTimeouts(source, timeoutsOf(options)), options)
  const over = checkPool(source)
  return storageOver(fromPg(over.pool, { prepare: over.prepare ?? true, ...timeoutsOf(over) }), over)
}

/** The deadline is longer than the lock timeout, so that the server ends a wait for a lock first. */
const timeoutsOf = ({ acquireTimeout = 10_000, lockTimeout = 5_000 }: PostgresOptions) => ({
  acquireTimeoutMs: acquireTimeout,
  deadlineMs: acquireTimeout + lockTimeout,
})

function storageOver<Tx>(connector: Bounded<Tx>, options: PostgresOptions): Storage<Tx> {
  const names = namesOf(options)
  const lockTimeoutMs = options.lockTimeout ?? 5_000
  const { commit, fenced, withLock, lock } = createTransactions(connector, names, lockTimeoutMs)
  const speculative = createSpeculativeCommit({ connector, names, verdictTimeoutMs: lockTimeoutMs, fenced })
  const clock = createClock()

  const once: Run<Tx> = (text, parameters, tx) => explaining(() => connector.query(text, parameters, tx))
  const run: Run<Tx> = (text, parameters, tx) =>
    tx === undefined ? retry(() => once(text, parameters)) : once(text, parameters, tx)
  const own: Run<never> = (text, parameters) => run(text, parameters)
  const tuples: Tuples<Tx> = async (text, parameters, tx) => {
    const [answer] = await run(text, parameters, tx)
    return JSON.parse(String(answer?.['json'] ?? '[]'))
  }

  async function unit({ guard, steps }: Unit, tx: Tx | undefined) {
    const [only, ...others] = steps
    if (only && others.length === 0 && guard === null) return [await run(only.text, only.parameters, tx)]
    const timeout = tx === undefined ? `${lockTimeoutMs}ms` : null
    const inTurn = async (joined: Tx) => {
      if (guard !== null) await run(lock.bumpText, [guard, null, timeout], joined)
      const answers = []
      for (const { text, parameters } of steps) answers.push(await run(text, parameters, joined))
      return answers
    }
    return tx === undefined ? retry(() => explaining(() => connector.transaction(inTurn))) : inTurn(tx)
  }

  return {
    name: 'postgres',
    checkTx: tx => connector.checkTx?.(tx),
    read: createRead(names, run, clock.observe),
    commit,
    speculation: { now: clock.now, findWithVersions: createFindWithVersions(names, own, clock.observe), commit: speculative },
    withLock,
    async touch(organizationId, tx) {
      await run(lock.bumpText, [organizationId, null, tx === undefined ? `${lockTimeoutMs}ms` : null], tx)
    },
    find: createFind(names, tuples),
    lists: createLists({ dialect: postgres, names, run, tuples }),
    outbox: {
      ...createOutbox(names, own),
      ...createReports(names, own),
      ...createNotify({ connector, names, isListening: options.listen ?? options.prepare !== false }),
    },
    suppressions: createSuppressions(postgres, names, { run: own, write: own }),
    disabledSinks: createDisabledSinks({ dialect: postgres, names, read: run, write: own }),
    templates: createTemplates({ dialect: postgres, names, run, unit }),
    incrementCounter: (counter, windowMs, now, by = 1) => incrementCounter(names, own, { counter, windowMs, now, by }),
    migrate: () => explaining(() => migrate(connector, names, options.schema)),
    close: async () => connector.close?.(),
  }
}

async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw explained(error)
  }
}

/** Repeats a statement after a serialization failure or deadlock. The database's default isolation may cause them. */
async function retry<T>(work: () => Promise<T>, attempts = 8): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isConflict(error) || attempts === 1) throw error
    await sleep(Math.random() * 2 ** (10 - attempts))
    return retry(work, attempts - 1)
  }
}
