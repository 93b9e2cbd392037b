// Storage on Postgres: one statement to read, one to commit, over node-postgres or whatever library the host brings.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { Storage } from '../../../src/index.ts'
import { type Connector, isConnector } from '../connect/connector.ts'
import { withPatience } from '../connect/patience.ts'
import { fromPg, fromUrl } from '../connect/pg.ts'
import { postgres, type Run } from '../sql/dialect.ts'
import { toFacts } from '../sql/facts.ts'
import { findParameters, findText } from '../sql/find.ts'
import { createLists } from '../sql/lists.ts'
import { createReadText, questionParameters } from '../sql/question.ts'
import { toFound } from '../sql/rows.ts'
import { type NameOptions, namesOf } from '../sql/tables.ts'
import { explained, isConflict } from './errors.ts'
import { hit } from './hit.ts'
import { migrate } from './migrate.ts'
import { createOutbox } from './outbox.ts'
import { createUnits } from './units.ts'

export type { Connector, ConnectorOptions } from '../connect/connector.ts'
export { fromDrizzle } from '../connect/drizzle.ts'
export { fromKnex } from '../connect/knex.ts'
export { fromKysely } from '../connect/kysely.ts'
export { fromPrisma } from '../connect/prisma.ts'

export interface PostgresOptions extends NameOptions {
  /**
   * How long our own statements wait for a row lock, and a commit whose connection was lost for the word of the database
   * on how it ended, in milliseconds. Default 5,000.
   */
  readonly lockTimeout?: number | undefined
  /**
   * Named prepared statements: faster, but lost behind a PgBouncer that does not track them (before 1.21, or with
   * `max_prepared_statements = 0`): then calls end as `unavailable` and say so. Default: true for a pool of yours, false
   * for a connection string. With a connector they are your library's own affair.
   */
  readonly prepare?: boolean | undefined
  /**
   * How long to wait for a free connection, in milliseconds; with a connector, for a statement's whole answer or for a
   * transaction's beginning. Default 10,000.
   */
  readonly patience?: number | undefined
}

/** Needs the tables: `await invites.migrate()`. `close()` ends the pool of a connection string, never one of yours. */
export function postgresStorage(source: { readonly pool: Pool } & PostgresOptions): Storage<PoolClient>
export function postgresStorage(source: string, options?: PostgresOptions): Storage<PoolClient>
export function postgresStorage<Tx>(source: Connector<Tx>, options?: PostgresOptions): Storage<Tx>
export function postgresStorage<Tx>(
  source: string | ({ readonly pool: Pool } & PostgresOptions) | Connector<Tx>,
  options: PostgresOptions = {},
): Storage<PoolClient> | Storage<Tx> {
  if (typeof source === 'string')
    return storageOver(fromUrl(source, { prepare: options.prepare ?? false, patience: options.patience }), options)
  if (isConnector<Tx>(source)) return storageOver(withPatience(source, options.patience ?? 10_000), options)
  if (!source.pool) throw new TypeError('postgresStorage: give it { pool }, a connection string or a connector')
  return storageOver(fromPg(source.pool, { prepare: source.prepare ?? true, patience: source.patience }), source)
}

function storageOver<Tx>(connector: Connector<Tx>, options: PostgresOptions): Storage<Tx> {
  const names = namesOf(options)
  const readText = createReadText(postgres, names)
  const patience = options.lockTimeout ?? 5_000
  const { commit, exclusively, lock } = createUnits(connector, names, patience)

  const run: Run<Tx> = (text, parameters, tx) => explaining(() => connector.query(text, parameters, tx))
  const runAgain: Run<Tx> = (text, parameters, tx) =>
    tx === undefined ? again(() => run(text, parameters)) : run(text, parameters, tx)

  return {
    name: 'postgres',
    async read(question, tx) {
      const [answer] = await run(readText(question), questionParameters(postgres, question), tx)
      return toFacts(postgres, answer?.['json'])
    },
    commit,
    exclusively,
    async touch(organizationId, tx) {
      await runAgain(lock.bumpText, [organizationId, null, tx === undefined ? `${patience}ms` : null], tx)
    },
    async find(by, tx) {
      const [row] = postgres.rowsOf(await run(findText(postgres, names, by), findParameters(by), tx))
      return row ? toFound(row) : null
    },
    lists: createLists({ dialect: postgres, names, run }),
    outbox: createOutbox(names, (text, parameters) => runAgain(text, parameters)),
    hit: (counter, windowMs, now, by = 1) =>
      hit(names, (text, parameters) => runAgain(text, parameters), { counter, windowMs, now, by }),
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

/** A statement of ours that lost to a concurrent one; the database's default isolation may be stricter than ours. */
async function again<T>(work: () => Promise<T>, tries = 8): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isConflict(error) || tries === 1) throw error
    await sleep(Math.random() * 2 ** (10 - tries))
    return again(work, tries - 1)
  }
}
