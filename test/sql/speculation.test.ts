// Speculative commits: decided on assumptions, which the statement that writes checks.
import type { Assumptions, InviteRecord } from 'invitekit'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import {
  byEmail,
  byPhone,
  changes,
  delivery,
  emailKey,
  event,
  kept,
  member,
  open,
  organization,
  personal,
  phoneKey,
  question,
} from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'

let database: Database
let storage: ReturnType<typeof over>
const over = ({ pool }: Database) => postgresStorage({ pool, lockTimeout: 1_000 })
beforeAll(async () => {
  database = await freshDatabase()
  storage = over(database)
  await storage.migrate()
})
afterAll(() => database.drop())

let org: string
beforeEach(async () => {
  org = organization()
  await storage.touch(org)
  await storage.read(question(org, { now: null }))
})

const roomy = { pending: 9, seats: 9, createdToday: 9, sentToday: 9 }

/** The assumptions of a new invite: nothing is in its way. */
function assume(query: Partial<Assumptions['query']>, atMost: Partial<Assumptions['atMost']> = {}): Assumptions {
  const now = storage.speculation?.now() ?? null
  return { query: { ...question(org), pending: 10, ...query, now }, atMost: { ...roomy, ...atMost }, versions: [], until: null }
}

const write = (invite: InviteRecord, assumptions: Assumptions, by = storage) =>
  by.speculation?.commit(
    changes(org, 0, { made: [invite], events: [event(invite)], messages: [delivery(invite)] }),
    assumptions,
  )

const stored = async () => {
  const { rows } = await database.pool.query(
    `select (select count(*) from invite_invites where organization_id = $1)::int as invites,
      (select count(*) from invite_outbox where organization_id = $1)::int as messages,
      coalesce((select revision from invite_scopes where organization_id = $1), 0)::int as revision`,
    [org],
  )
  return rows[0]
}

test('assumptions that hold are committed at any revision', async () => {
  expect(await write(open(org), assume({}))).toBe('committed')
  await storage.touch(org)
  expect(await write(open(org), assume({}))).toBe('committed')
  expect(await stored()).toEqual({ invites: 2, messages: 2, revision: 4 })
})

test('an organization that was never written to is a conflict', async () => {
  const other = organization()
  const none = { ...assume({}), query: { ...assume({}).query, organizationId: other } }
  expect(await storage.speculation?.commit(changes(other, 0, { made: [open(other)] }), none)).toBe('conflict')
})

test('every kind of assumption holds in an empty organization', async () => {
  const all = { emails: [emailKey()], phones: [phoneKey()], idempotencyKeys: ['k'], inviters: ['ada'], addressHashes: ['m'] }
  expect(await write(open(org), assume({ ...all, members: true }))).toBe('committed')
})

const [email, phone] = [emailKey(), phoneKey()]
const now = () => storage.speculation?.now() ?? new Date()
const later = () => new Date(now().getTime() + 60_000)
const template = '01234567-89ab-7def-8123-456789abcdef'

test.each<[string, () => Parameters<typeof changes>[2], Partial<Assumptions['query']>, Partial<Assumptions['atMost']>]>([
  ['a pending invite at the e-mail', () => ({ made: [personal(org, { recipient: byEmail(email) })] }), { emails: [email] }, {}],
  ['a pending invite at the phone', () => ({ made: [personal(org, { recipient: byPhone(phone) })] }), { phones: [phone] }, {}],
  ['a member at the e-mail', () => ({ members: [member('ada', { emailKey: email })] }), { emails: [email], members: true }, {}],
  ['a member at the phone', () => ({ members: [member('ada', { phoneKey: phone })] }), { phones: [phone], members: true }, {}],
  ['an answer under the key', () => ({ idempotency: [kept('k')] }), { idempotencyKeys: ['k'] }, {}],
  ['no such template', () => ({}), { templates: [template] }, {}],
  ['one pending invite too many', () => ({ made: [open(org, { expiresAt: later() })] }), { pending: 2 }, { pending: 0 }],
  [
    'one invite of this inviter too many',
    () => ({ events: [event(open(org), 'invite.created', { actorId: 'ada', at: now() })] }),
    { inviters: ['bob', 'ada'] },
    { createdToday: 0 },
  ],
  [
    'one message to this address too many',
    () => ({ messages: [delivery(open(org), { addressHash: 'm', createdAt: now() })] }),
    { addressHashes: ['other', 'm'] },
    { sentToday: 0 },
  ],
])('assumptions that %s contradicts write nothing', async (_, before, query, atMost) => {
  const rows = before() ?? {}
  await storage.commit(changes(org, 1, rows))
  const untouched = await stored()
  expect(await write(open(org), assume(query, atMost))).toBe('conflict')
  expect(await stored()).toEqual(untouched)
  // One more of what is counted, and another address or key, and it holds.
  const counts = { pending: 1, createdToday: 1, sentToday: 1 }
  const others = {
    emails: query.emails && [emailKey()],
    phones: query.phones && [phoneKey()],
    idempotencyKeys: query.idempotencyKeys && ['other'],
  }
  const fine = Object.fromEntries(Object.entries({ ...query, ...others, templates: [] }).filter(([, value]) => value))
  expect(await write(open(org), assume(fine, counts))).toBe('committed')
})

test.each([
  ['ahead of', 1_500],
  ['behind', -1_500],
])('assumptions at a time more than a second %s the database’s are a conflict', async (_, off) => {
  const assumptions = assume({})
  const wrong = new Date(now().getTime() + off)
  expect(await write(open(org), { ...assumptions, query: { ...assumptions.query, now: wrong } })).toBe('conflict')
  expect(await stored()).toEqual({ invites: 0, messages: 0, revision: 1 })
})

test('tables that need newer code are a conflict', async () => {
  await database.pool.query('insert into invite_schema values (99, 99)')
  try {
    expect(await write(open(org), assume({}))).toBe('conflict')
  } finally {
    await database.pool.query('delete from invite_schema where version = 99')
  }
})

test('an organization that another transaction is writing to is a conflict at once, without waiting', async () => {
  const other = await database.pool.connect()
  try {
    await other.query('begin')
    await storage.commit(changes(org, 1, { made: [open(org)] }), { tx: other })
    const since = performance.now()
    expect(await write(open(org), assume({}))).toBe('conflict')
    expect(performance.now() - since).toBeLessThan(500)
    await other.query('commit')
    expect(await write(open(org), assume({}))).toBe('committed')
  } finally {
    other.release()
  }
})

test('concurrent commits of many organizations succeed or conflict each by itself', async () => {
  const full = assume({ pending: 2 }, { pending: 0 })
  const all = await Promise.all(
    Array.from({ length: 40 }, async (_, nth) => {
      const own = organization()
      await storage.touch(own)
      const before = nth % 2 === 0 ? [open(own, { expiresAt: later() })] : []
      await storage.commit(changes(own, 1, { made: before }))
      return { own, isRight: nth % 2 === 1 }
    }),
  )
  const ends = await Promise.all(
    all.map(({ own }) => {
      const assumptions = { ...full, query: { ...full.query, organizationId: own, now: now() } }
      return storage.speculation?.commit(changes(own, 0, { made: [open(own), open(own)] }), assumptions)
    }),
  )
  expect(ends).toEqual(all.map(({ isRight }) => (isRight ? 'committed' : 'conflict')))
  for (const { own, isRight } of all) {
    const { rows } = await database.pool.query('select count(*)::int as n from invite_invites where organization_id = $1', [
      own,
    ])
    expect(rows[0]?.n).toBe(isRight ? 2 : 1)
  }
})

test('of 40 concurrent commits that assume room for one, one is written', async () => {
  // Several storages stand for several processes: one storage never puts an organization into a statement twice.
  const storages = [storage, over(database), over(database), over(database)]
  const commits = Array.from({ length: 40 }, (_, nth) =>
    write(open(org, { expiresAt: later() }), assume({ pending: 2 }, { pending: 0 }), storages[nth % 4]),
  )
  const ends = await Promise.all(commits)
  expect(ends.filter(end => end === 'committed')).toHaveLength(1)
  expect(await stored()).toMatchObject({ invites: 1, revision: 2 })
})

test('the estimated clock is null before the first answer, and never ahead of the database’s', async () => {
  const fresh = over(database)
  expect(fresh.speculation?.now()).toBeNull()
  await fresh.read(question(org, { now: null }))
  const estimated = fresh.speculation?.now()?.getTime() ?? Number.NaN
  const { rows } = await database.pool.query('select extract(epoch from clock_timestamp()) * 1000 as now')
  const behind = Number(rows[0].now) - estimated
  expect(behind).toBeGreaterThanOrEqual(0)
  expect(behind).toBeLessThan(500)
})
