// Your own member table on better-sqlite3: the functions are synchronous, for an acceptance is one tick.
//
//   npx tsx examples/members/sqlite.ts
import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { type Actor, createInvites } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'

export const db = new Database(process.env['DATABASE_FILE'] ?? ':memory:')
db.exec(`
  create table if not exists users (id text primary key, email text not null unique collate nocase);
  create table if not exists team_members (
    team_id text not null, user_id text not null references users, role text not null, primary key (team_id, user_id)
  );
`)

const insertMember = db.prepare('insert into team_members (team_id, user_id, role) values (?, ?, ?)')
const countMembers = db.prepare<[string], { count: number }>('select count(*) as count from team_members where team_id = ?')
const findMember = db.prepare<unknown[], { userId: string; role: string }>(`
  select m.user_id as userId, m.role from team_members m join users u on u.id = m.user_id
  where m.team_id = ? and (u.id = ? or u.email = ?)
`)

export const invites = createInvites({
  storage: sqliteStorage({ database: db }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  limits: { seats: 2 },
  members: {
    // What this throws undoes the acceptance: the invite stays pending.
    add: ({ organizationId, userId, role }) => void insertMember.run(organizationId, userId, role),
    count: organizationId => countMembers.get(organizationId)?.count ?? 0,
    find: ({ organizationId, userId, email }) => findMember.get(organizationId, userId ?? null, email ?? null) ?? null,
  },
})
await invites.migrate()

export const teamId = randomBytes(6).toString('hex') // another at every run
db.exec("insert or ignore into users values ('ada', 'ada@acme.example'), ('grace', 'grace@example.com')")
insertMember.run(teamId, 'ada', 'owner')
const ada: Actor = { userId: 'ada', organizationId: teamId, role: 'owner' }
const grace: Actor = { userId: 'grace', email: 'grace@example.com', emailVerified: true }

const { invite } = await invites.create({ recipient: { email: 'grace@example.com' }, role: 'member' }, { actor: ada })
await invites.accept({ id: invite.id }, { actor: grace }) // by id: her verified address shows that it is hers
console.log(db.prepare('select * from team_members where team_id = ?').all(teamId))
