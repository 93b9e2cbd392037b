// A team and its first invites in one transaction of your own: all of it, or nothing, and no mail before the commit.
//
//   DATABASE_URL=postgres://localhost/scratch npx tsx examples/joining-a-transaction.ts
import { randomBytes } from 'node:crypto'
import { consoleTransport, createInvites } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg from 'pg'

export const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], allowExitOnIdle: true })
await pool.query('create table if not exists teams (id text primary key, name text not null)')

export const invites = createInvites({
  storage: postgresStorage({ pool }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  transports: { email: consoleTransport() },
})
await invites.migrate()

export async function createTeam(owner: { userId: string }, team: { id: string; name: string }, emails: string[]) {
  const tx = await pool.connect()
  try {
    await tx.query('begin')
    await tx.query('insert into teams (id, name) values ($1, $2)', [team.id, team.name])
    const actor = { ...owner, organizationId: team.id, role: 'owner' }
    const list = emails.map(email => ({ recipient: { email } }))
    const { results } = await invites.createMany({ invites: list, defaults: { role: 'member' } }, { actor, tx })
    // createMany answers for each by itself; here one address that cannot be invited is a reason to stop.
    const rejected = results.find(({ outcome }) => outcome === 'rejected')
    if (rejected) throw new Error(`${emails[rejected.index]}: ${rejected.error?.code}`)
    await tx.query('commit')
    return results
  } catch (error) {
    await tx.query('rollback')
    throw error
  } finally {
    tx.release()
  }
}

const id = `team-${randomBytes(4).toString('hex')}`
await createTeam({ userId: 'ada' }, { id, name: 'Acme' }, ['grace@example.com', 'alan@example.com'])

// Only you know when your transaction has committed. A running app (`invites.relay.start()`) sends a moment later by
// itself; a script that is about to end asks for it.
console.log(await invites.relay.drain())

const failing = createTeam({ userId: 'ada' }, { id: `${id}-2`, name: 'Initech' }, ['mary@example.com', 'not an address'])
await failing.catch((error: Error) => console.log(error.message))
console.log((await pool.query('select id, name from teams where id like $1', [`${id}%`])).rows)
