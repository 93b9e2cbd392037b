// The snippets of the README's "joining a transaction", as they stand there.
import { PrismaPg } from '@prisma/adapter-pg'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { type Actor, createInvites, type JsonObject, type RoleRules, type Storage } from 'invitekit'
import { fromDrizzle, fromKnex, fromKysely, fromPrisma, postgresStorage } from 'invitekit/postgres'
import knexOf from 'knex'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, freshDatabase } from '../support/postgres.ts'
import { keys, tokenOf } from './host.ts'
import type { Tables } from './libraries/kysely.ts'
import { PrismaClient } from './libraries/prismaclient.ts'

const team_members = pgTable('team_members', { organization: text().notNull(), person: text().notNull() })
const actor: Actor = { userId: 'ada', email: 'ada@example.com', emailVerified: true }

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
  await database.pool.query('create table team_members (organization text, person text, primary key (organization, person))')
  await postgresStorage({ pool: database.pool }).migrate()
})
afterAll(() => database.drop())

function app<Tx>(storage: Storage<Tx>) {
  const options = { keys, publicUrl: 'https://app.example.com/invites', relay: { inline: false } } as const
  return createInvites<Tx, RoleRules, JsonObject, boolean>({ ...options, storage })
}

/** What the snippet did: the host's row and the acceptance, both. */
async function bothIn<Tx>(
  organization: string,
  storage: Storage<Tx>,
  snippet: (invites: ReturnType<typeof app<Tx>>, token: string) => Promise<unknown>,
) {
  const invites = app(storage)
  const system = { actor: 'system', organizationId: organization } as const
  const { invite, ...made } = await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, system)
  await snippet(invites, tokenOf(made))
  const { rows } = await database.pool.query('select person from team_members where organization = $1', [organization])
  expect([rows, (await invites.get({ id: invite.id }, system)).status]).toEqual([[{ person: 'ada' }], 'accepted'])
}

test('pg', async () => {
  const { pool } = database
  await bothIn('pg', postgresStorage({ pool }), async (invites, token) => {
    const tx = await pool.connect()
    try {
      await tx.query('begin')
      await tx.query('insert into team_members values ($1, $2)', ['pg', 'ada'])
      await invites.accept({ token }, { actor, tx })
      await tx.query('commit')
    } catch (error) {
      await tx.query('rollback')
      throw error
    } finally {
      tx.release()
    }
  })
})

test('kysely', async () => {
  const db = new Kysely<{ team_members: Tables['teamMembers'] }>({ dialect: new PostgresDialect({ pool: database.pool }) })
  await bothIn('kysely', postgresStorage(fromKysely(db)), (invites, token) =>
    db.transaction().execute(async tx => {
      await tx.insertInto('team_members').values({ organization: 'kysely', person: 'ada' }).execute()
      await invites.accept({ token }, { actor, tx })
    }),
  )
})

test('drizzle', async () => {
  const db = drizzle(database.pool)
  await bothIn('drizzle', postgresStorage(fromDrizzle(db)), (invites, token) =>
    db.transaction(async tx => {
      await tx.insert(team_members).values({ organization: 'drizzle', person: 'ada' })
      await invites.accept({ token }, { actor, tx })
    }),
  )
})

test('drizzle on a single connection is refused: it could not keep transactions apart', () => {
  expect(() => fromDrizzle(drizzle(new pg.Client(database.url)))).toThrow('give it a pool')
})

test('knex', async () => {
  const knex = knexOf({ client: 'pg', connection: database.url })
  await bothIn('knex', postgresStorage(fromKnex(knex)), (invites, token) =>
    knex.transaction(async tx => {
      await tx('team_members').insert({ organization: 'knex', person: 'ada' })
      await invites.accept({ token }, { actor, tx })
    }),
  )
  await knex.destroy()
})

test('prisma', async () => {
  const { searchParams } = new URL(database.url)
  const schema = /search_path=(\w+)/.exec(searchParams.get('options') ?? '')?.[1] ?? 'public'
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: database.url }, { schema }) })
  await bothIn('prisma', postgresStorage(fromPrisma(prisma)), (invites, token) =>
    prisma.$transaction(async tx => {
      await tx.teamMember.create({ data: { organization: 'prisma', person: 'ada' } })
      await invites.accept({ token }, { actor, tx })
    }),
  )
  await prisma.$disconnect()
})
