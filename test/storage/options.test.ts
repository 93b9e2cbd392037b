// What a storage is made from is checked at once: a fault throws, and says how to mend it.
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/node-postgres'
import { fromDrizzle, fromKnex, fromKysely, fromPrisma, postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import knexOf from 'knex'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'

const pool = new pg.Pool({ connectionString: 'postgres://127.0.0.1:1/none' })
const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool }) })
const knex = knexOf({ client: 'pg' })

const overSqlite = (options: unknown) => () => sqliteStorage(options as never)
const overPostgres = (source: unknown, options?: object) => () => postgresStorage(source as never, options)
const takes = /^postgresStorage: takes \{ pool \}, a connection string, or a connector: fromKysely\(db\), /

test.each<[string, () => unknown, RegExp]>([
  ['a file for options', overSqlite('app.db'), /^sqliteStorage: takes an object: sqliteStorage\(\{ database: 'app.db' \}\)/],
  ['no options', overSqlite(undefined), /^sqliteStorage: takes an object/],
  ['a connection for options', overSqlite(new Sqlite(':memory:')), /^sqliteStorage: takes an object/],
  [
    'a file that is not set',
    overSqlite({ database: undefined }),
    /`database` must be a file .* It is undefined: is its environment/,
  ],
  [
    'a file that is set to nothing',
    overSqlite({ database: '' }),
    /`database` must be a file .* It is empty: is its environment/,
  ],
  [
    'another database',
    overSqlite({ database: pool }),
    /`database` must be a file such as 'app.db', or a connection of better-sqlite3/,
  ],
  ['another synchronous', overSqlite({ database: 'app.db', synchronous: 'off' }), /`synchronous` is 'normal' or 'full'/],
  [
    'a timeout as a text',
    overSqlite({ database: 'app.db', busyTimeout: '5s' }),
    /^sqliteStorage: `busyTimeout` must be milliseconds/,
  ],
  [
    'a file by another name',
    overSqlite({ file: 'app.db' }),
    /^sqliteStorage: there is no option `file`; the options are database, /,
  ],
  ['a schema in SQLite', overSqlite({ database: 'app.db', schema: 'a' }), /^sqliteStorage: there is no option `schema`; /],
  [
    'an unknown option beside a pool',
    overPostgres({ pool, prefix: 'a_' }),
    /^postgresStorage: there is no option `prefix`; the options are pool, schema, tablePrefix, /,
  ],
  [
    'an unknown option of an address',
    overPostgres('postgres://u:hunter2@db', { timeout: 5 }),
    /^postgresStorage: there is no option `timeout`; the options are schema, /,
  ],
  [
    'an address that is not set',
    overPostgres(undefined),
    /^postgresStorage: takes .* It is undefined: is its environment variable set/,
  ],
  [
    'an address that is set to nothing',
    overPostgres(''),
    /^postgresStorage: takes .* It is empty: is its environment variable set/,
  ],
  ['no pool', overPostgres({ pool: undefined }), /`pool` must be a pool of node-postgres: new pg.Pool\(…\). It is undefined/],
  ['an address for a pool', overPostgres({ pool: 'postgres://u:hunter2@db' }), /`pool` must be a pool of node-postgres/],
  ['one connection for a pool', overPostgres({ pool: new pg.Client() }), /`pool` is a single connection: give it a pool/],
  ['a pool for options', overPostgres(pool), takes],
  ['options without a pool', overPostgres({ prepare: false }), takes],
  ['Kysely without its connector', overPostgres(kysely), takes],
  ['Knex without its connector', overPostgres(knex), takes],
  ['Drizzle without its connector', overPostgres(drizzle(pool)), takes],
  ['a lock as a text', overPostgres({ pool, lockTimeout: '5s' }), /^postgresStorage: `lockTimeout` must be milliseconds/],
  ['no time', overPostgres('postgres://db', { acquireTimeout: 0 }), /^postgresStorage: `acquireTimeout` must be milliseconds/],
  [
    'prepare as a text',
    overPostgres(fromKysely(kysely), { prepare: 'no' }),
    /^postgresStorage: `prepare` must be true or false/,
  ],
  ['no Kysely', () => fromKysely(undefined as never), /^fromKysely: takes your `Kysely`, which has .* It is undefined/],
  ['a pool for Kysely', () => fromKysely(pool as never), /^fromKysely: takes .* `withoutPlugins` and `transaction`\.$/],
  ['no Knex', () => fromKnex(null as never), /^fromKnex: takes your `knex`, which has .* It is null/],
  ['a pool for Knex', () => fromKnex(pool as never), /^fromKnex: takes .* `raw` and `transaction`\.$/],
  ['no Drizzle', () => fromDrizzle(undefined as never), /^fromDrizzle: takes .* It is undefined/],
  ['Kysely for Drizzle', () => fromDrizzle(kysely as never), /^fromDrizzle: takes .* `execute` and `transaction`\.$/],
  ['no Prisma', () => fromPrisma(undefined as never), /^fromPrisma: takes .* It is undefined/],
  [
    'Drizzle for Prisma',
    () => fromPrisma(drizzle(pool) as never),
    /^fromPrisma: takes .* `\$queryRawUnsafe` and `\$transaction`\.$/,
  ],
])('%s', (_, make, sentence) => {
  expect(make).toThrow(TypeError)
  expect(make).toThrow(sentence)
  expect(make).not.toThrow(/hunter2/)
})

test('a file, a connection, a pool, an address and a connector are taken', () => {
  expect(overSqlite({ database: 'app.db', synchronous: 'full', busyTimeout: 100 })).not.toThrow()
  expect(overSqlite({ database: new Sqlite(':memory:') })).not.toThrow()
  expect(
    overPostgres({ pool, prepare: false, acquireTimeout: 100, schema: 'a', tablePrefix: 'b_', listen: false }),
  ).not.toThrow()
  expect(overPostgres('postgres://127.0.0.1:1/none', { lockTimeout: 100 })).not.toThrow()
  for (const connector of [fromKysely(kysely), fromKnex(knex), fromDrizzle(drizzle(pool))])
    expect(overPostgres(connector)).not.toThrow()
})
