// Your own member table with Knex: `tx` is its Knex.Transaction.
//
//   DATABASE_URL=postgres://localhost/scratch npx tsx examples/members/knex.ts
import { randomBytes } from 'node:crypto'
import { type Actor, createInvites } from 'invitekit'
import { fromKnex, postgresStorage } from 'invitekit/postgres'
import Knex from 'knex'

export const knex = Knex({
  client: 'pg',
  connection: process.env['DATABASE_URL'] ?? '',
  pool: { min: 0, idleTimeoutMillis: 1000 },
})
await knex.raw('create table if not exists users (id text primary key, email text not null unique)')
await knex.raw(`create table if not exists team_members (
  team_id text not null, user_id text not null references users, role text not null, primary key (team_id, user_id)
)`)

export const invites = createInvites({
  storage: postgresStorage(fromKnex(knex)),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  limits: { seats: 2 },
  members: {
    // By `tx`, never by `knex`. What this throws undoes the acceptance: the invite stays pending.
    async add({ organizationId, userId, role }, tx) {
      await tx('team_members').insert({ team_id: organizationId, user_id: userId, role })
    },
    // Outside of a transaction these are asked without one.
    async count(organizationId, tx) {
      const [row] = await (tx ?? knex)('team_members').where({ team_id: organizationId }).count({ count: '*' })
      return Number(row?.count)
    },
    async find({ organizationId, userId = '', email = '' }, tx) {
      const members = (tx ?? knex)('team_members as m').join('users as u', 'u.id', 'm.user_id')
      const found = await members
        .where('m.team_id', organizationId)
        .where(person => person.where('u.id', userId).orWhereRaw('lower(u.email) = ?', email))
        .first<{ userId: string; role: string } | undefined>('u.id as userId', 'm.role')
      return found ?? null
    },
  },
})
await invites.migrate()

export const teamId = randomBytes(6).toString('hex') // another at every run
await knex.raw(`insert into users values ('ada', 'ada@acme.example'), ('grace', 'grace@example.com') on conflict do nothing`)
await knex('team_members').insert({ team_id: teamId, user_id: 'ada', role: 'owner' })
const ada: Actor = { userId: 'ada', organizationId: teamId, role: 'owner' }
const grace: Actor = { userId: 'grace', email: 'grace@example.com', emailVerified: true }

const { invite } = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor: ada })
await invites.accept({ id: invite.id }, { actor: grace }) // by id: her verified address shows that it is hers
console.log(await knex('team_members').where({ team_id: teamId }))
