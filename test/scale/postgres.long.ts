// At a million invites every call that somebody waits for walks an index, and costs what it cost at a thousand.
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connector } from '../../adapters/storage/connectors/connector.ts'
import { fromPg } from '../../adapters/storage/connectors/pg.ts'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import type { Storage } from '../../src/index.ts'
import { emailKey } from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'
import { type Calls, callsOf, median, open, owner, ratio, timed } from './calls.ts'
import { emailOf, isPending, organizationOf, type Size, seedPostgres } from './seed.ts'

const million: Size = { invites: 1_000_000, organizations: 1000, big: 200_000 }
const thousand: Size = { invites: 1000, organizations: 3, big: 0 }

let large: Database
let small: Database
beforeAll(async () => {
  large = await seeded(million)
  small = await seeded(thousand)
}, 300_000)
afterAll(async () => {
  await large?.drop()
  await small?.drop()
})

async function seeded(size: Size): Promise<Database> {
  const database = await freshDatabase()
  await postgresStorage({ pool: database.pool }).migrate()
  await seedPostgres(database.pool, size)
  return database
}

const big = ['invites', 'events', 'outbox', 'members'] as const

/** The big tables that the call's statements read from end to end, by the plan that a prepared statement ends up with. */
async function scansOf(call: (storage: Storage<PoolClient>) => Promise<unknown>): Promise<string[]> {
  const scanned = new Set<string>()
  const pg = fromPg(large.pool, { prepare: false })
  const explaining: Connector<PoolClient> = {
    ...pg,
    async query(text, parameters, tx) {
      const plan = await planOf(text, parameters)
      for (const table of big) if (new RegExp(`Seq Scan on invite_${table}\\b`).test(plan)) scanned.add(table)
      return pg.query(text, parameters, tx)
    },
  }
  await call(postgresStorage(explaining))
  return [...scanned]
}

/** After five plans for these values Postgres may settle on one for all values. */
async function planOf(text: string, parameters: readonly (string | number | null)[]): Promise<string> {
  const client = await large.pool.connect()
  try {
    await client.query(`prepare explained as ${text}`)
    const values = parameters.map(value => (value === null ? 'null' : client.escapeLiteral(String(value))))
    const list = values.length > 0 ? `(${values.join(', ')})` : ''
    let plan = ''
    for (let time = 0; time < 7; time += 1) {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute explained${list}`)
      plan = rows.map(row => row['QUERY PLAN']).join('\n')
    }
    await client.query('deallocate explained')
    return plan
  } finally {
    client.release()
  }
}

/** With a read first, and without. */
async function twice(call: () => Promise<unknown>): Promise<void> {
  await call()
  await call()
}

const now = new Date()
const waiting = [...Array(1000).keys()].map(n => 500_000 + n).find(isPending) ?? 0

test.each<[string, (storage: Storage<PoolClient>) => Promise<unknown>]>([
  ['a page', storage => callsOf(open(storage), million).page()],
  ['a page of the big organization', storage => callsOf(open(storage), million, 'org-0').page()],
  [
    'its pending ones by expiry',
    storage => open(storage).list({ status: 'pending', sort: 'expiresAt' }, { actor: owner('org-0') }),
  ],
  ['a preview', storage => callsOf(open(storage), million).preview()],
  ['a create', storage => twice(callsOf(open(storage), million).create)],
  ['a create in the big organization', storage => twice(callsOf(open(storage, {}), million, 'org-0').create)],
  ['an accept', storage => callsOf(open(storage), million, 'org-2').accept()],
  ['a summary', storage => open(storage).summary({}, { actor: owner('org-3') })],
  ['due', storage => storage.lists.due(now, 100)],
  ['due reminders', storage => storage.lists.remindable(now, 100, null)],
  ['a lease', storage => storage.outbox.lease({ owner: 'o', ms: 1 }, { limit: 50, now: null, except: [], lapsed: true })],
  ['mine', storage => storage.lists.mine({ email: emailKey(emailOf(waiting)), phone: null, now })],
  ['addressed', storage => storage.lists.addressed({ email: emailKey(emailOf(waiting)) })],
])('%s scans no big table', async (_, call) => {
  expect(await scansOf(call)).toEqual([])
})

test.each<keyof Calls>(['page', 'preview', 'create', 'accept'])(
  '%s costs at a million what it costs at a thousand',
  async name => {
    const one = callsOf(open(postgresStorage({ pool: small.pool })), thousand)
    const other = callsOf(open(postgresStorage({ pool: large.pool })), million)
    expect(await ratio(one[name], other[name])).toBeLessThan(3)
  },
)

test.each(['page', 'preview', 'create'] as const)(
  '%s costs in an organization of 200,000 what it costs in a small one',
  async name => {
    const invites = open(postgresStorage({ pool: large.pool }), {})
    expect(await ratio(callsOf(invites, million, 'org-4')[name], callsOf(invites, million, 'org-0')[name])).toBeLessThan(3)
  },
)

test('expired invites give back their places and addresses without a sweeper', async () => {
  const organizationId = organizationOf(999_999, million)
  const { rows } = await large.pool.query<{ live: string; email: string }>(
    `with over as (
       update invite_invites set expires_at = now() - interval '1 hour'
       where organization_id = $1 and status = 'pending' returning email
     ) select (select count(*) from over) as live, min(email) as email from over`,
    [organizationId],
  )
  const limit = 5
  expect(Number(rows[0]?.live)).toBeGreaterThan(limit)
  const invites = open(postgresStorage({ pool: large.pool }), { pending: limit })
  const actor = owner(organizationId)
  const emails = [rows[0]?.email ?? '', ...Array.from({ length: limit - 1 }, (_, n) => `place${n}@example.com`)]
  for (const email of emails) await invites.create({ recipient: { email }, role: 'member' }, { actor })
  const oneMore = invites.create({ recipient: { email: 'late@example.com' }, role: 'member' }, { actor })
  await expect(oneMore).rejects.toMatchObject({ code: 'pending_limit_reached' })
})

test('sweeping holds up no other organization', async () => {
  const { create } = callsOf(open(postgresStorage({ pool: small.pool })), thousand)
  for (let n = 0; n < 20; n += 1) await create()
  const other = callsOf(open(postgresStorage({ pool: large.pool })), million, 'org-500').create
  const before = await timesOf(other, () => 60)
  let isOver = false
  const sweeping = open(postgresStorage({ pool: large.pool }))
    .sweep({ batch: 200 })
    .finally(() => {
      isOver = true
    })
  const meanwhile = await timesOf(other, n => (isOver && n > 20 ? 0 : 3000))
  const { expired } = await sweeping
  expect(expired).toBeGreaterThanOrEqual(2000)
  // Two cores do the work of both: their time is shared, the organization's lock is not.
  expect(median(meanwhile)).toBeLessThan(median(before) * 5 + 10)
  const { rows } = await large.pool.query(
    `select 1 from invite_invites where status = 'pending' and expires_at <= now() limit 1`,
  )
  expect(rows).toEqual([])
})

async function timesOf(call: () => Promise<unknown>, until: (done: number) => number): Promise<number[]> {
  const times: number[] = []
  while (times.length < until(times.length)) times.push(await timed(call))
  return times
}
