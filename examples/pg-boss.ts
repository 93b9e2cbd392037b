// Delivery by the queue that you already run: pg-boss decides when, the outbox has what is due, and both are in one commit.
//
//   DATABASE_URL=postgres://localhost/scratch npx tsx examples/pg-boss.ts
import { randomBytes } from 'node:crypto'
import { consoleTransport, createInvites } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg from 'pg'
import PgBoss from 'pg-boss'

const connectionString = process.env['DATABASE_URL'] ?? 'postgres://localhost/scratch'
export const pool = new pg.Pool({ connectionString, allowExitOnIdle: true })
export const boss = new PgBoss({ connectionString, schema: process.env['PGBOSS_SCHEMA'] ?? 'pgboss' })
boss.on('error', error => console.error(error))

export const invites = createInvites({
  storage: postgresStorage({ pool, listen: false }),
  keys: [process.env['INVITE_KEY'] ?? randomBytes(32)], // store a key: with a random one, links end with the process
  publicUrl: 'https://app.example.com/invites',
  transports: { email: consoleTransport() },
  relay: { inline: false }, // nothing is sent where it is committed
})

/** In your worker processes. */
export async function startWorker() {
  await invites.migrate()
  await boss.start()
  await boss.createQueue('invites')
  // A drain delivers all that is due, so it makes no difference whose job it is, how many wait, or how many workers there are.
  await boss.work('invites', { batchSize: 100, pollingIntervalSeconds: 0.5 }, async () => void (await invites.relay.drain()))
  // Retries have no job of their own: the schedule delivers them.
  await boss.schedule('invites', '* * * * *')
}

/** The team, its invites and the job that delivers them are committed together, or not at all. */
export async function createTeam(id: string, emails: readonly string[], within?: (tx: pg.PoolClient) => Promise<unknown>) {
  const tx = await pool.connect()
  try {
    await tx.query('begin')
    const context = { actor: 'system', organizationId: id, tx } as const
    for (const email of emails) await invites.create({ recipient: { email }, role: 'member' }, context)
    await boss.send('invites', {}, { db: { executeSql: (text, values) => tx.query(text, values) } })
    await within?.(tx)
    await tx.query('commit')
  } catch (error) {
    await tx.query('rollback')
    throw error
  } finally {
    tx.release()
  }
}

await startWorker()
await createTeam(`acme-${randomBytes(4).toString('hex')}`, ['grace@example.com', 'alan@example.com'])
