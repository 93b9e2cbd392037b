// The transaction's type is the library's own, in calls and in the members port. Compiled by `tsc`, never run.
import type { Database } from 'better-sqlite3'
import { createInvites } from 'invitekit'
import { fromDrizzle, fromKnex, fromKysely, fromPrisma, postgresStorage } from 'invitekit/postgres'
import type { Knex } from 'knex'
import type { Kysely, Transaction } from 'kysely'
import type { Pool, PoolClient } from 'pg'
import { type DrizzleTx, open } from './libraries/drizzle.ts'
import type { Tables } from './libraries/kysely.ts'
import type { PrismaClient, TransactionClient } from './libraries/prismaclient.ts'

declare const pool: Pool
declare const client: PoolClient
declare const connection: Database
declare const kysely: Kysely<Tables>
declare const knex: Knex
declare const prisma: PrismaClient

const start = { keys: ['11'.repeat(32)], publicUrl: 'https://app.example.com/invites' }
const input = { recipient: { email: 'ada@example.com' }, role: 'member' } as const
const system = { actor: 'system', organizationId: 'acme' } as const
const asked = { count: () => 0, find: () => null }

export async function kyselyGivesItsTransaction(tx: Transaction<Tables>) {
  const storage = postgresStorage(fromKysely(kysely))
  const add = ({ organizationId: organization, userId: person }: { organizationId: string; userId: string }, own: typeof tx) =>
    own.insertInto('teamMembers').values({ organization, person }).execute()
  const invites = createInvites({ ...start, storage, members: { ...asked, add } })
  createInvites({ ...start, storage, members: { ...asked, add: (_, own) => own.isTransaction satisfies true } })
  await invites.create(input, { ...system, tx })
  // @ts-expect-error the database is no transaction
  await invites.create(input, { ...system, tx: kysely })
  // @ts-expect-error nor is a client of pg
  await invites.create(input, { ...system, tx: client })
  // @ts-expect-error the port gets no other library's
  createInvites({ ...start, storage, members: { ...asked, add: (_, own: Knex.Transaction) => own.commit() } })
}

export async function drizzleGivesItsTransaction(tx: DrizzleTx) {
  const storage = postgresStorage(fromDrizzle(open(pool)))
  const invites = createInvites({ ...start, storage, members: { ...asked, add: (_, own) => own.rollback() } })
  await invites.create(input, { ...system, tx })
  // @ts-expect-error the database is no transaction
  await invites.create(input, { ...system, tx: open(pool) })
  // @ts-expect-error nor is a client of pg
  await invites.create(input, { ...system, tx: client })
}

export async function knexGivesItsTransaction(tx: Knex.Transaction) {
  const storage = postgresStorage(fromKnex(knex))
  const invites = createInvites({ ...start, storage, members: { ...asked, add: (_, own) => own.isCompleted() } })
  await invites.create(input, { ...system, tx })
  // @ts-expect-error knex itself is no transaction
  await invites.create(input, { ...system, tx: knex })
  // @ts-expect-error nor is a connection of SQLite
  await invites.create(input, { ...system, tx: connection })
}

export async function prismaGivesItsTransaction(tx: TransactionClient) {
  const storage = postgresStorage(fromPrisma(prisma))
  const data = { organization: 'acme', person: 'ada' }
  const invites = createInvites({ ...start, storage, members: { ...asked, add: (_, own) => own.teamMember.create({ data }) } })
  await invites.create(input, { ...system, tx })
  // @ts-expect-error a client of pg is none of Prisma's
  await invites.create(input, { ...system, tx: client })
}

export function aDatabaseIsNoConnector() {
  // @ts-expect-error it goes through fromKysely
  postgresStorage(kysely)
  // @ts-expect-error it goes through fromKnex
  postgresStorage(knex)
  // @ts-expect-error each library has its own
  fromKysely(knex)
  // @ts-expect-error each library has its own
  fromPrisma(kysely)
}
