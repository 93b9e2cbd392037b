// What postgresStorage is made from, checked when it is made: what is wrong is said with the way to mend it, and no password.
import type { Pool } from 'pg'
import { checkNames, checkWaits, has, unset } from '../check-options.ts'
import type { PostgresOptions } from './options.ts'

const stop = (sentence: string): never => {
  throw new TypeError(`postgresStorage: ${sentence}`)
}

type Over = { readonly pool: Pool } & PostgresOptions

/** For what is neither a connection string nor a connector. */
export function checkPool(source: Over | string): Over {
  const takes =
    'takes { pool }, a connection string, or a connector: fromKysely(db), fromDrizzle(db), fromKnex(knex), fromPrisma(prisma).'
  if (typeof source !== 'object' || source === null || !('pool' in source)) return stop(`${takes}${unset(source)}`)
  const { pool } = source
  if (!has(pool, 'connect')) stop(`\`pool\` must be a pool of node-postgres: new pg.Pool(…).${unset(pool)}`)
  if ('connectionParameters' in pool && !('totalCount' in pool))
    stop('`pool` is a single connection: give it a pool, new pg.Pool(…).')
  checkPostgres(source, ['pool', ...names])
  return source
}

const names = [
  'schema',
  'tablePrefix',
  'lockTimeout',
  'prepare',
  'acquireTimeout',
  'listen',
] satisfies (keyof PostgresOptions)[]

export function checkPostgres(options: PostgresOptions, known: readonly string[] = names): void {
  if (typeof options !== 'object' || options === null) stop('its options are an object, such as { acquireTimeout: 5_000 }.')
  checkNames('postgresStorage', options, known)
  const { acquireTimeout, lockTimeout, prepare, listen } = options
  checkWaits('postgresStorage', { acquireTimeout, lockTimeout })
  for (const [name, value] of Object.entries({ prepare, listen }))
    if (value !== undefined && typeof value !== 'boolean') stop(`\`${name}\` must be true or false, or left out.`)
}
