// Round trips, counted in the log of the Postgres server itself: a call costs the same number of statements, always.
import { createInvites } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshDatabase, logged, type Postgres, startPostgres, statementsOf } from './support/postgres.ts'

let server: Postgres
let url: string

beforeAll(async () => {
  server = await startPostgres({ own: true })
  const database = await freshDatabase(server.url)
  await database.pool.end()
  url = database.url
})

afterAll(() => server.stop())

const system = { actor: 'system', organizationId: 'acme' } as const
const email = 'ada@example.com'
const many = Array.from({ length: 50 }, (_, index) => ({ recipient: { email: `p${index}@example.com` } }))

/** What the server heard while `work` ran, on connections that are named after the test. */
async function statements(
  name: string,
  work: (invites: Opened['invites'], waiting: Waiting) => Promise<unknown>,
  options: object = {},
) {
  const { invites, pool } = open(url)
  await invites.migrate()
  const waiting = await prepare(invites)
  await pool.end()
  const watched = open(logged(url, name), options)
  // The first connection costs statements of its own.
  await watched.pool.query('select 1')
  await work(watched.invites, waiting)
  await watched.pool.end()
  // Other processes are woken ten times in a second at most, however many calls there are.
  const isOfCalls = (text: string) => text !== 'select 1' && !text.includes('pg_notify')
  return statementsOf(server.logFile ?? '', name).filter(isOfCalls).length
}

type Opened = ReturnType<typeof open>
type Waiting = Awaited<ReturnType<typeof prepare>>
let made = 0

/** An invite that waits, in an organization that has been written to. */
async function prepare(invites: Opened['invites']) {
  made += 1
  const address = `waiting${made}@example.com`
  return { address, ...(await invites.create({ recipient: { email: address }, role: 'member' }, system)) }
}

function open(connectionString: string, options: object = {}) {
  const pool = new pg.Pool({ connectionString, max: 1 })
  pool.on('error', () => {})
  const invites = createInvites({
    storage: postgresStorage({ pool }),
    keys: ['22'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    limits: { pending: 1000, seats: 1000 },
    relay: { inline: false },
    ...options,
  })
  return { invites, pool }
}

test('creating an invite is one statement, once the database’s time is known; the first of a process reads', async () => {
  const createAs = (address: string) => (invites: Opened['invites']) =>
    invites.create({ recipient: { email: address }, role: 'member' }, system)
  expect(await statements('create', createAs(email))).toBe(2)
  const three = async (invites: Opened['invites']) => {
    for (const name of ['first', 'second', 'third']) await createAs(`${name}@example.com`)(invites)
  }
  expect(await statements('creates', three)).toBe(4)
})

test('creating an invite whose assumptions fail is three: the speculative commit, the read and the commit', async () => {
  const count = await statements('again', async (invites, { address }) => {
    await invites.create({ recipient: { email: 'known@example.com' }, role: 'member' }, system)
    await invites.create({ recipient: { email: address }, role: 'member', ifPending: 'resend' }, system)
  })
  expect(count).toBe(2 + 3)
})

test('naming a template adds no statement', async () => {
  const count = await statements('template', async invites => {
    const { template } = await invites.templates.create({ name: 'x', content: {} }, system)
    await invites.create({ recipient: { email: 't@example.com' }, role: 'member', templateId: template.id }, system)
  })
  // One to store it, one read, one commit.
  expect(count).toBe(3)
})

test('a bulk of 50 is one statement too', async () => {
  const bulk = { invites: many, defaults: { role: 'member' } } as const
  const count = await statements('bulk', async invites => {
    await invites.create({ recipient: { email: 'before@example.com' }, role: 'member' }, system)
    await invites.createMany(bulk, system)
  })
  expect(count).toBe(2 + 1)
})

test('revoking is one read and one commit', async () => {
  expect(await statements('revoke', (invites, { invite: { id } }) => invites.revoke({ id }, system))).toBe(2)
})

test('accepting is one lookup of the invite and one commit', async () => {
  const count = await statements('accept', (invites, { link, address }) =>
    invites.accept({ token: link.split('/').at(-1) ?? '' }, { actor: { userId: 'u1', email: address, emailVerified: true } }),
  )
  expect(count).toBe(2)
})

test('accepting what this process has just shown is the commit alone', async () => {
  const count = await statements('previewed', async (invites, { link, address }) => {
    const token = link.split('/').at(-1) ?? ''
    await invites.preview({ token })
    await invites.accept({ token }, { actor: { userId: 'u2', email: address, emailVerified: true } })
  })
  expect(count).toBe(2 + 1)
})

test('a preview is the invite, and its organization’s template', async () => {
  const count = await statements('preview', (invites, { link }) => invites.preview({ token: link.split('/').at(-1) ?? '' }))
  expect(count).toBe(2)
})

test('a forged token is refused without any statement', async () => {
  const count = await statements('forged', invites => invites.preview({ token: 'A'.repeat(48) }).catch(() => null))
  expect(count).toBe(0)
})

test('reminders and expiry notices add nothing to a create, and one query each to a sweep of the relay', async () => {
  const followUps = {
    reminders: [{ after: '3d' }],
    expiryNotices: true,
    transports: { email: { send: async () => ({}) } },
    directory: { user: () => ({ name: 'Ann' }) },
  }
  const drain = (name: string, options: object) => statements(name, invites => invites.relay.drain(), options)
  // What other tests left is out of the way then.
  await drain('first', {})
  const [without, withBoth] = [await drain('quiet', {}), await drain('due', followUps)]
  expect(withBoth - without).toBe(2)
  const create = (invites: Opened['invites']) =>
    invites.create({ recipient: { email: 'bea@example.com' }, role: 'member' }, system)
  expect(await statements('reminded', create, followUps)).toBe(2)
})

test('a page with its deliveries is two statements', async () => {
  expect(await statements('list', invites => invites.list({}, system))).toBeLessThanOrEqual(2)
})
