// Your own member table with Drizzle: `tx` is what `db.transaction` hands to its callback.
//
//   DATABASE_URL=postgres://localhost/scratch npx tsx examples/members/drizzle.ts
import { randomBytes } from 'node:crypto'
import { and, eq, or, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { type Actor, createInvites } from 'invitekit'
import { fromDrizzle, postgresStorage } from 'invitekit/postgres'
import pg from 'pg'

const users = pgTable('users', { id: text().primaryKey(), email: text().notNull().unique() })
const teamMembers = pgTable(
  'team_members',
  { teamId: text('team_id').notNull(), userId: text('user_id').notNull(), role: text().notNull() },
  table => [primaryKey({ columns: [table.teamId, table.userId] })],
)
export const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], allowExitOnIdle: true })
const db = drizzle({ client: pool })
await db.execute(sql`create table if not exists users (id text primary key, email text not null unique)`)
await db.execute(sql`create table if not exists team_members (
  team_id text not null, user_id text not null references users, role text not null, primary key (team_id, user_id)
)`)

export const invites = createInvites({
  storage: postgresStorage(fromDrizzle(db)),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  limits: { seats: 2 },
  members: {
    // By `tx`, never by `db`. What this throws undoes the acceptance: the invite stays pending.
    async add({ organizationId, userId, role }, tx) {
      await tx.insert(teamMembers).values({ teamId: organizationId, userId, role })
    },
    // Outside of a transaction these are asked without one.
    count: (organizationId, tx) => (tx ?? db).$count(teamMembers, eq(teamMembers.teamId, organizationId)),
    async find({ organizationId, userId = '', email = '' }, tx) {
      const person = or(eq(users.id, userId), eq(sql`lower(${users.email})`, email))
      const members = (tx ?? db).select({ userId: users.id, role: teamMembers.role }).from(teamMembers)
      const [found] = await members
        .innerJoin(users, eq(users.id, teamMembers.userId))
        .where(and(eq(teamMembers.teamId, organizationId), person))
      return found ?? null
    },
  },
})
await invites.migrate()

export const teamId = randomBytes(6).toString('hex') // another at every run
const people = ['ada@acme.example', 'grace@example.com'].map(email => ({ id: email.split('@')[0] ?? '', email }))
await db.insert(users).values(people).onConflictDoNothing()
await db.insert(teamMembers).values({ teamId, userId: 'ada', role: 'owner' })
const ada: Actor = { userId: 'ada', organizationId: teamId, role: 'owner' }
const grace: Actor = { userId: 'grace', email: 'grace@example.com', emailVerified: true }

const { invite } = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor: ada })
await invites.accept({ id: invite.id }, { actor: grace }) // by id: her verified address shows that it is hers
console.log(await db.select().from(teamMembers).where(eq(teamMembers.teamId, teamId)))
