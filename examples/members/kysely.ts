// Your own member table with Kysely: `tx` is its Transaction<DB>, in the members functions as in your own calls.
//
//   DATABASE_URL=postgres://localhost/scratch npx tsx examples/members/kysely.ts
import { randomBytes } from 'node:crypto'
import { type Actor, createInvites } from 'invitekit'
import { fromKysely, postgresStorage } from 'invitekit/postgres'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'

interface DB {
  users: { id: string; email: string }
  team_members: { team_id: string; user_id: string; role: string }
}
export const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], allowExitOnIdle: true })
const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) })
await sql`create table if not exists users (id text primary key, email text not null unique)`.execute(db)
await sql`create table if not exists team_members (
  team_id text not null, user_id text not null references users, role text not null, primary key (team_id, user_id)
)`.execute(db)

export const invites = createInvites({
  storage: postgresStorage(fromKysely(db)),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  limits: { seats: 2 },
  members: {
    // By `tx`, never by `db`. What this throws undoes the acceptance: the invite stays pending.
    add: ({ organizationId, userId, role }, tx) =>
      tx.insertInto('team_members').values({ team_id: organizationId, user_id: userId, role }).execute(),
    // Outside of a transaction these are asked without one.
    async count(organizationId, tx) {
      const members = (tx ?? db).selectFrom('team_members').where('team_id', '=', organizationId)
      return Number((await members.select(eb => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()).count)
    },
    async find({ organizationId, userId = null, email = null }, tx) {
      const members = (tx ?? db).selectFrom('team_members as m').innerJoin('users as u', 'u.id', 'm.user_id')
      const found = members
        .where('m.team_id', '=', organizationId)
        .where(eb => eb.or([eb('u.id', '=', userId), eb(eb.fn('lower', ['u.email']), '=', email)]))
      return (await found.select(['m.user_id as userId', 'm.role']).executeTakeFirst()) ?? null
    },
  },
})
await invites.migrate()

export const teamId = randomBytes(6).toString('hex') // another at every run
await sql`insert into users values ('ada', 'ada@acme.example'), ('grace', 'grace@example.com') on conflict do nothing`.execute(
  db,
)
await db.insertInto('team_members').values({ team_id: teamId, user_id: 'ada', role: 'owner' }).execute()
const ada: Actor = { userId: 'ada', organizationId: teamId, role: 'owner' }
const grace: Actor = { userId: 'grace', email: 'grace@example.com', emailVerified: true }

const { invite } = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor: ada })
await invites.accept({ id: invite.id }, { actor: grace }) // by id: her verified address shows that it is hers
console.log(await db.selectFrom('team_members').selectAll().where('team_id', '=', teamId).execute())
