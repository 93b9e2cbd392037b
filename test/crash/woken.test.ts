// Processes that wake each other on Postgres: what one commits the other's relay delivers, though it polls once in an hour.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createInvites, type Invites, type InvitesOptions, type Storage } from 'invitekit'
import { fromKysely, postgresStorage } from 'invitekit/postgres'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startBouncer } from '../joining/pgbouncer.ts'
import { unique } from '../support/make.ts'
import { freshDatabase } from '../support/postgres.ts'
import { pgbouncer, withProgram } from '../support/programs.ts'
import { openApp } from './app.ts'
import { type MailServer, startMailServer } from './mailserver.ts'
import { buildProgram, type Program } from './program.ts'
import { createSteps } from './steps.ts'

const soon = { timeout: 8_000, interval: 10 }
const ends: (() => unknown)[] = []
let program: Program
let smtp: MailServer
let database: Awaited<ReturnType<typeof freshDatabase>>
/** The database, for connections that are known as this file's. */
let url: string
const us = unique('woken')
beforeAll(async () => {
  program = await buildProgram()
  smtp = await startMailServer()
  database = await freshDatabase()
  const named = new URL(database.url)
  named.searchParams.set('application_name', us)
  url = named.href
  await invitesOn(poolOf()).migrate()
  await ended()
})
afterEach(async () => {
  await ended()
  await database.pool.query('truncate invite_outbox')
})
afterAll(async () => {
  await smtp.close()
  program.remove()
  await database.drop()
})

async function ended(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end()
}

function poolOf(config: pg.PoolConfig = { connectionString: url }): pg.Pool {
  const pool = new pg.Pool(config)
  pool.on('error', () => {})
  ends.push(() => pool.end())
  return pool
}

interface Heard {
  readonly mails: string[]
  readonly errors: string[]
}

/** Another process of the same application would do the same. */
function invitesOn(pool: pg.Pool, { mails, errors }: Heard = { mails: [], errors: [] }, how: object = {}) {
  return invitesOver(postgresStorage({ pool, ...how }) as unknown as Storage<never>, { mails, errors })
}

function invitesOver(storage: Storage<never>, { mails, errors }: Heard): Invites<string, never> {
  const invites = createInvites({
    keys: ['11'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    transports: { email: { send: async ({ to }: { to: string }) => void mails.push(to) } },
    onError: (error: unknown) => void errors.push(error instanceof Error ? error.message : String(error)),
    relay: { inline: false, poll: '1h' },
    storage,
  } as unknown as InvitesOptions<never>) as unknown as Invites<string, never>
  ends.push(() => invites.close())
  return invites
}

const inviting = (invites: Invites<string, never>) => (email: string) =>
  invites.create({ recipient: { email }, role: 'member' }, { actor: 'system', organizationId: 'acme' })

/** The server's processes that listen, by their ids. */
async function listening(): Promise<readonly number[]> {
  const text = `select pid from pg_stat_activity where application_name = $1 and query ilike 'listen %'`
  return (await database.pool.query<{ pid: number }>(text, [us])).rows.map(({ pid }) => pid)
}

async function startedWorker(): Promise<void> {
  const site = { place: { kind: 'postgres', url }, mail: smtp.url } as const
  const journal = join(program.folder, `woken-${performance.now()}.jsonl`)
  const worker = await program.start({ site, organizationId: null, stays: true, journal, fault: null, relay: { poll: '1h' } })
  ends.push(async () => {
    worker.signal('SIGKILL')
    await worker.end
    await expect.poll(listening, soon).toEqual([])
  })
  worker.go()
  await expect.poll(listening, soon).toHaveLength(1)
}

const arrived = (email: string) => expect.poll(() => smtp.inbox.map(({ to }) => to), soon).toContain(email)

/** A process that only writes: the mails that it would send itself are none. */
function web() {
  const site = { place: { kind: 'postgres', url }, mail: 'smtp://127.0.0.1:1' } as const
  const app = openApp(site, createSteps('/dev/null', null), { inline: false })
  ends.push(app.close)
  return { ...app, invite: inviting(app.invites) }
}

test('what one process commits is delivered by the started relay of another at once, also what it joined', async () => {
  await startedWorker()
  const { invite, invites, begin } = web()
  await invite('ada@example.com')
  await arrived('ada@example.com')
  const { tx, end } = await begin()
  const recipient = { email: 'joined@example.com' }
  await invites.create({ recipient, role: 'member' }, { actor: 'system', organizationId: 'globex', tx })
  await end('commit')
  await arrived('joined@example.com')
})

test('a connection that listens is made again when the server ends it', async () => {
  await startedWorker()
  const { invite } = web()
  const [pid] = await listening()
  await database.pool.query('select pg_terminate_backend($1)', [pid])
  await expect.poll(async () => (await listening()).filter(each => each !== pid), soon).toHaveLength(1)
  await invite('bob@example.com')
  await arrived('bob@example.com')
  // What is committed while nobody can hear it is found when somebody can again.
  const [next] = await listening()
  await database.pool.query('select pg_terminate_backend($1)', [next])
  await invite('cyd@example.com')
  await arrived('cyd@example.com')
})

test('a process wakes the others at most once in a tenth of a second, however much it commits', async () => {
  const heard = { mails: [], errors: [] }
  const invites = invitesOn(poolOf(), heard)
  invites.relay.start()
  await expect.poll(listening, soon).toHaveLength(1)
  const { rows } = await database.pool.query(
    `select query from pg_stat_activity where application_name = $1 and query ilike 'listen %'`,
    [us],
  )
  const [channel] = /invitekit_\w+/.exec(rows[0].query) ?? []
  const calls: number[] = []
  const ear = new pg.Client({ connectionString: url })
  await ear.connect()
  ends.push(() => ear.end())
  ear.on('notification', () => void calls.push(performance.now()))
  await ear.query(`listen "${channel}"`)

  const invite = inviting(invitesOn(poolOf()))
  const since = performance.now()
  for (let n = 0; performance.now() - since < 1_000; n += 1) await invite(`p${n}@example.com`)
  await sleep(300)
  const seconds = (performance.now() - since) / 1_000
  expect(calls.length).toBeGreaterThan(1)
  expect(calls.length).toBeLessThanOrEqual(seconds * 10 + 1)
  await expect.poll(() => heard.mails.length, soon).toBeGreaterThan(1)
  expect(heard.errors).toEqual([])
})

test('only a started relay listens, and stop ends it', async () => {
  const invites = invitesOn(poolOf())
  await inviting(invites)('dan@example.com')
  await invites.relay.drain()
  expect(await listening()).toEqual([])
  invites.relay.start()
  await expect.poll(listening, soon).toHaveLength(1)
  await invites.relay.stop()
  await expect.poll(listening, soon).toEqual([])
  const silent = invitesOn(poolOf(), undefined, { listen: false })
  silent.relay.start()
  await sleep(200)
  expect(await listening()).toEqual([])
})

test('a library that cannot listen polls, and its own commits wake its own relay', async () => {
  const db = new Kysely({ dialect: new PostgresDialect({ pool: poolOf() }) })
  const heard: Heard = { mails: [], errors: [] }
  const invites = invitesOver(postgresStorage(fromKysely(db)) as unknown as Storage<never>, heard)
  invites.relay.start()
  await inviting(invites)('eve@example.com')
  await expect.poll(() => heard.mails, soon).toContain('eve@example.com')
  expect(await listening()).toEqual([])
  expect(heard.errors).toEqual([])
})

test('whoever may not listen is told so once, and goes on polling', async () => {
  const lonely = new URL(url)
  const role = unique('lonely').replace('-', '_')
  await database.pool.query(`create role ${role} login password 'x' connection limit 1 in role "${lonely.username}"`)
  ends.push(() => database.pool.query(`drop role ${role}`))
  Object.assign(lonely, { username: role, password: 'x' })
  const heard: Heard = { mails: [], errors: [] }
  const invites = invitesOn(poolOf({ connectionString: lonely.href, max: 1 }), heard)
  await inviting(invites)('fay@example.com')
  invites.relay.start()
  await expect.poll(() => heard.mails, soon).toContain('fay@example.com')
  await expect.poll(() => heard.errors, soon).toHaveLength(1)
  await sleep(500)
  expect(heard.errors).toEqual([expect.stringMatching(/too many connections/)])
})

withProgram(pgbouncer, path => {
  test('behind a PgBouncer in transaction mode a relay says once that it hears nothing, and goes on polling', async () => {
    const bouncer = await startBouncer(path, database.url, 5)
    ends.push(() => bouncer.stop())
    const heard: Heard = { mails: [], errors: [] }
    const invites = invitesOn(poolOf({ connectionString: bouncer.url }), heard, { prepare: false, listen: true })
    invites.relay.start()
    await inviting(invites)('gus@example.com')
    await expect.poll(() => heard.mails, soon).toContain('gus@example.com')
    await expect.poll(() => heard.errors, soon).toEqual([expect.stringMatching(/PgBouncer.*listen: false/)])
    // Where it was said that one is between, nothing is tried.
    const told = invitesOn(poolOf({ connectionString: bouncer.url }), heard, { prepare: false })
    told.relay.start()
    await sleep(300)
    expect(heard.errors).toHaveLength(1)
  })
})
