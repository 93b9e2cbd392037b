// A `tx` that is none: of another library, a pool, or a client in no transaction. Told before anything is asked or written.

import { PrismaPg } from '@prisma/adapter-pg'
import Sqlite from 'better-sqlite3'
import { createInvites } from 'invitekit'
import { fromDrizzle, fromKnex, fromKysely, fromPrisma, postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import knexOf from 'knex'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, describe, expect, test } from 'vitest'
import { unique } from '../support/make.ts'
import { freshDatabase } from '../support/postgres.ts'
import { keys } from './host.ts'
import { open as drizzleOf } from './libraries/drizzle.ts'
import { PrismaClient } from './libraries/prismaclient.ts'

const invitesOn = (storage: unknown) =>
  createInvites({ storage: storage as never, keys, publicUrl: 'https://app.example.com/invites', onError: () => {} })

const joined = (storage: unknown, tx: unknown) =>
  invitesOn(storage).create(
    { kind: 'open', role: 'member' },
    { actor: 'system', organizationId: unique('org'), tx: tx as never },
  )

describe('on Postgres', async () => {
  const { pool, url, drop } = await freshDatabase()
  const kysely = new Kysely<object>({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) }) })
  const knex = knexOf({ client: 'pg', connection: url })
  const drizzle = drizzleOf(pool)
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url }) })
  const client = await pool.connect()
  await invitesOn(postgresStorage({ pool })).migrate()
  afterAll(async () => {
    client.release()
    await Promise.all([kysely.destroy(), knex.destroy(), prisma.$disconnect()])
    await drop()
  })

  const storages = {
    pg: [postgresStorage({ pool }), 'the client that `pool.connect()` gave you, with `begin` run on it'],
    url: [postgresStorage(url), 'the client that `pool.connect()` gave you, with `begin` run on it'],
    kysely: [postgresStorage(fromKysely(kysely)), 'what Kysely hands to the function of `db.transaction().execute(tx => …)`'],
    drizzle: [postgresStorage(fromDrizzle(drizzle)), 'what Drizzle hands to the function of `db.transaction(tx => …)`'],
    knex: [postgresStorage(fromKnex(knex)), 'what Knex hands to the function of `knex.transaction(tx => …)`'],
    prisma: [postgresStorage(fromPrisma(prisma)), 'what Prisma hands to the function of `prisma.$transaction(tx => …)`'],
  } as const
  const roots = { pool, client, kysely, drizzle, knex, prisma, nothing: {} }

  for (const [name, [storage, which]] of Object.entries(storages)) {
    test.each(Object.entries(roots))(`over ${name}, what is no transaction is refused: %s`, async (_, root) => {
      await expect(joined(storage, root)).rejects.toThrow(new TypeError(`invitekit: \`tx\` must be ${which}`))
    })
  }

  test('a transaction of each library is refused over every other, and taken over its own', async () => {
    const begun = await pool.connect()
    await begun.query('begin')
    const met = async (own: string, tx: unknown) => {
      const theirs = own === 'pg' ? ['pg', 'url'] : [own]
      for (const [name, [storage]] of Object.entries(storages)) {
        const end = await joined(storage, tx).then(
          () => 'taken',
          error => error.constructor,
        )
        expect([own, name, end]).toEqual([own, name, theirs.includes(name) ? 'taken' : TypeError])
      }
    }
    await met('pg', begun)
    await kysely.transaction().execute(tx => met('kysely', tx))
    await drizzle.transaction(tx => met('drizzle', tx))
    await knex.transaction(tx => met('knex', tx))
    await prisma.$transaction(tx => met('prisma', tx))
    await begun.query('rollback')
    begun.release()
  })

  test('a client whose begin is still on its way is in a transaction', async () => {
    const begun = await pool.connect()
    const beginning = begun.query('begin')
    await joined(storages.pg[0], begun)
    await beginning
    await begun.query('rollback')
    await expect(joined(storages.pg[0], begun)).rejects.toThrow(TypeError)
    begun.release()
  })
})

describe('on SQLite', () => {
  const begin = () => {
    const db = new Sqlite(':memory:')
    db.exec('begin immediate')
    return db
  }

  test('what is no connection is refused', async () => {
    const storage = sqliteStorage({ database: ':memory:' })
    for (const tx of [{}, new Kysely<object>({ dialect: new PostgresDialect({ pool: new pg.Pool() }) })]) {
      const which = "the storage's connection of better-sqlite3, with `begin immediate` run on it"
      await expect(joined(storage, tx)).rejects.toThrow(new TypeError(`invitekit: \`tx\` must be ${which}`))
    }
  })

  test('a connection to another database is told as that; one to the storage’s own that has no tables, as not migrated', async () => {
    const own = begin()
    const storage = sqliteStorage({ database: own })
    await expect(joined(storage, own)).rejects.toMatchObject({ code: 'not_migrated' })
    const other = begin()
    await expect(joined(storage, other)).rejects.toThrow('`tx` is another connection than the storage')
    for (const db of [own, other]) db.close()
  })
})
