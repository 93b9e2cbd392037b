// Your own member table in SQL with node-postgres: `tx` is the client of the accepting transaction.
//
//   DATABASE_URL=postgres://localhost/scratch npx tsx examples/members/pg.ts
import { randomBytes } from 'node:crypto'
import { type Actor, createInvites } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg from 'pg'

export const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], allowExitOnIdle: true })
await pool.query(`
  create table if not exists users (id text primary key, email text not null unique);
  create table if not exists team_members (
    team_id text not null, user_id text not null references users, role text not null, primary key (team_id, user_id)
  );
`)

export const invites = createInvites({
  storage: postgresStorage({ pool }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  limits: { seats: 2 },
  members: {
    // By `tx`, never by the pool. What this throws undoes the acceptance: the invite stays pending.
    add: ({ organizationId, userId, role }, tx) =>
      tx.query('insert into team_members (team_id, user_id, role) values ($1, $2, $3)', [organizationId, userId, role]),
    // Outside of a transaction these are asked without one.
    async count(organizationId, tx) {
      const { rows } = await (tx ?? pool).query('select count(*)::int as count from team_members where team_id = $1', [
        organizationId,
      ])
      return rows[0].count
    },
    async find({ organizationId, userId, email }, tx) {
      const { rows } = await (tx ?? pool).query(
        `select m.user_id as "userId", m.role from team_members m join users u on u.id = m.user_id
         where m.team_id = $1 and (u.id = $2 or lower(u.email) = $3)`,
        [organizationId, userId, email],
      )
      return rows[0] ?? null
    },
  },
})
await invites.migrate()

export const teamId = randomBytes(6).toString('hex') // another at every run
await pool.query(`insert into users values ('ada', 'ada@acme.example'), ('grace', 'grace@example.com') on conflict do nothing`)
await pool.query('insert into team_members values ($1, $2, $3)', [teamId, 'ada', 'owner'])
const ada: Actor = { userId: 'ada', organizationId: teamId, role: 'owner' }
const grace: Actor = { userId: 'grace', email: 'grace@example.com', emailVerified: true }

const { invite } = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor: ada })
await invites.accept({ id: invite.id }, { actor: grace }) // by id: her verified address shows that it is hers
console.log((await pool.query('select * from team_members where team_id = $1', [teamId])).rows)
