// What postgresStorage is made from, checked when it is made. No message contains a password.
import type { Pool } from 'pg'
import { asGiven, hasFunctions, type OptionChecks, type Refuse, refuseAs, runChecks, unsetHint } from '../../../src/core.ts'
import { milliseconds } from '../check-options.ts'
import type { PostgresOptions } from './options.ts'

const refuse: Refuse = refuseAs('postgresStorage')

const flag = (name: string) => (value: unknown) => {
  if (value !== undefined && typeof value !== 'boolean') refuse(`\`${name}\` must be true or false, or left out.`)
}

const checks = {
  schema: asGiven,
  tablePrefix: asGiven,
  lockTimeout: milliseconds(refuse, 'lockTimeout'),
  prepare: flag('prepare'),
  acquireTimeout: milliseconds(refuse, 'acquireTimeout'),
  listen: flag('listen'),
} satisfies OptionChecks<PostgresOptions>

export function checkPostgres(options: PostgresOptions, table: OptionChecks<PostgresOptions> = checks): void {
  if (typeof options !== 'object' || options === null) refuse('its options are an object, such as { acquireTimeout: 5_000 }.')
  runChecks(options, table, { refuse, first: ['acquireTimeout'] })
}

type PoolOptions = { readonly pool: Pool } & PostgresOptions

/** For what is neither a connection string nor a connector. */
export function checkPool(source: PoolOptions | string): PoolOptions {
  const takes =
    'takes { pool }, a connection string, or a connector: fromKysely(db), fromDrizzle(db), fromKnex(knex), fromPrisma(prisma).'
  if (typeof source !== 'object' || source === null || !('pool' in source)) return refuse(`${takes}${unsetHint(source)}`)
  const { pool } = source
  if (!hasFunctions(pool, 'connect')) refuse(`\`pool\` must be a pool of node-postgres: new pg.Pool(…).${unsetHint(pool)}`)
  if ('connectionParameters' in pool && !('totalCount' in pool))
    refuse('`pool` is a single connection: give it a pool, new pg.Pool(…).')
  const table = { pool: asGiven, ...checks } satisfies OptionChecks<PoolOptions>
  checkPostgres(source, table)
  return source
}
