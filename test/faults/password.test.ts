// A Postgres that asks for a password by SCRAM, on every connection: also on the one that listens, which we open ourselves.
import { setTimeout as sleep } from 'node:timers/promises'
import { createInvites, type Storage } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Postgres, startPostgres } from '../support/postgres.ts'

const secret = "s3cret: ä'/@"
const soon = { timeout: 8_000, interval: 10 }
let server: Postgres
/** The server without a password. */
let open: pg.PoolConfig & { readonly host: string; readonly port: number }

beforeAll(async () => {
  server = await startPostgres({ own: true })
  const { hostname: host, port } = new URL(server.url)
  open = { host, port: Number(port), user: 'postgres', database: 'postgres' }
  const client = new pg.Client(open)
  await client.connect()
  const { rows } = await client.query<{ hba_file: string }>('show hba_file')
  await client.query(`alter role postgres password ${client.escapeLiteral(secret)}`)
  const file = client.escapeLiteral(rows[0]?.hba_file ?? '')
  await client.query(`copy (select 'host all all all scram-sha-256') to ${file}`)
  await client.query('select pg_reload_conf()')
  await client.end()
  while ((await refused()) !== '28P01') await sleep(10)
})
afterAll(() => server?.stop())

/** What the server answers to whoever has no good password. */
const refused = () => {
  const client = new pg.Client({ ...open, password: 'wrong' })
  return client.connect().then(
    () => client.end(),
    ({ code }) => code,
  )
}

function poolOf(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool(config)
  onTestFinished(() => pool.end())
  return pool
}

function invitesOver(storage: Storage<never>) {
  const mails: string[] = []
  const errors: unknown[] = []
  const invites = createInvites({
    storage,
    keys: ['11'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    transports: { email: { send: async ({ to }) => void mails.push(to) } },
    relay: { inline: false, poll: '1h' },
    onError: error => errors.push(error),
  })
  onTestFinished(() => invites.close())
  const invite = (email: string) =>
    invites.create({ recipient: { email }, role: 'member' }, { actor: 'system', organizationId: 'acme' })
  return { invites, invite, mails, errors }
}

const overPool = (password: pg.PoolConfig['password']) => () => postgresStorage({ pool: poolOf({ ...open, password }) })
const url = () => `postgres://postgres:${encodeURIComponent(secret)}@${open.host}:${open.port}/postgres`

test.each<[string, () => Storage<pg.PoolClient>]>([
  ['beside the address', overPool(secret)],
  ['by a function', overPool(async () => secret)],
  ['in the address of a pool', () => postgresStorage({ pool: poolOf({ connectionString: url() }) })],
  ['in an address, and listening is asked for', () => postgresStorage(url(), { listen: true })],
])('a relay is woken with the password %s', async (_, storage) => {
  const hearing = invitesOver(storage() as unknown as Storage<never>)
  const calling = invitesOver(storage() as unknown as Storage<never>)
  await hearing.invites.migrate()
  hearing.invites.relay.start()
  const [first, second] = ['first', 'second'].map(name => `${name}-${crypto.randomUUID()}@example.com`) as [string, string]
  await calling.invite(first)
  await expect.poll(() => hearing.mails, soon).toContain(first)
  // The first it may have found when it began to listen; of the second it can only have heard.
  await calling.invite(second)
  await expect.poll(() => hearing.mails, soon).toContain(second)
  expect(hearing.errors).toEqual([])
})

test('a wrong password is told, and not which it was', async () => {
  const { invites, errors } = invitesOver(overPool('wr0ng')() as unknown as Storage<never>)
  invites.relay.start()
  await expect.poll(() => errors.length, soon).toBeGreaterThan(0)
  expect(JSON.stringify(errors.map(String))).toContain('password authentication failed')
  expect(JSON.stringify([errors, errors.map(error => (error as Error).stack)])).not.toContain('wr0ng')
  await expect(invites.summary({}, { actor: 'system', organizationId: 'acme' })).rejects.not.toThrow(/wr0ng/)
})
