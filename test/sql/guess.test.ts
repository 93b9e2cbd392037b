// A commit that read nothing first: Postgres makes sure of what it took for granted, in the statement that writes.
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

/** Of a new invite, which is taken to find nothing in its way. */
function guessOf(asked: Partial<Assumptions['query']>, most: Partial<Assumptions['atMost']> = {}): Assumptions {
  const now = storage.speculation?.now() ?? null
  return { query: { ...question(org), pending: 10, ...asked, now }, atMost: { ...roomy, ...most }, versions: [], until: null }
}

const write = (invite: InviteRecord, guess: Assumptions, by = storage) =>
  by.speculation?.commit(changes(org, 0, { made: [invite], events: [event(invite)], messages: [delivery(invite)] }), guess)

const stored = async () => {
  const { rows } = await database.pool.query(
    `select (select count(*) from invite_invites where organization_id = $1)::int as invites,
      (select count(*) from invite_outbox where organization_id = $1)::int as messages,
      coalesce((select revision from invite_scopes where organization_id = $1), 0)::int as revision`,
    [org],
  )
  return rows[0]
}

test('what holds is written at whatever revision there is', async () => {
  expect(await write(open(org), guessOf({}))).toBe('committed')
  await storage.touch(org)
  expect(await write(open(org), guessOf({}))).toBe('committed')
  expect(await stored()).toEqual({ invites: 2, messages: 2, revision: 4 })
})

test('an organization that was never written to is not guessed about', async () => {
  const other = organization()
  const none = { ...guessOf({}), query: { ...guessOf({}).query, organizationId: other } }
  expect(await storage.speculation?.commit(changes(other, 0, { made: [open(other)] }), none)).toBe('conflict')
})

test('everything that can be asked holds of an organization that has none of it', async () => {
  const all = { emails: [emailKey()], phones: [phoneKey()], idempotencyKeys: ['k'], inviters: ['ada'], addressHashes: ['m'] }
  expect(await write(open(org), guessOf({ ...all, members: true }))).toBe('committed')
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
])('a guess that %s proves wrong writes nothing', async (_, before, asked, most) => {
  const rows = before() ?? {}
  await storage.commit(changes(org, 1, rows))
  const untouched = await stored()
  expect(await write(open(org), guessOf(asked, most))).toBe('conflict')
  expect(await stored()).toEqual(untouched)
  // One more of what is counted, and another address or key, and it holds.
  const counts = { pending: 1, createdToday: 1, sentToday: 1 }
  const others = {
    emails: asked.emails && [emailKey()],
    phones: asked.phones && [phoneKey()],
    idempotencyKeys: asked.idempotencyKeys && ['other'],
  }
  const fine = Object.fromEntries(Object.entries({ ...asked, ...others, templates: [] }).filter(([, value]) => value))
  expect(await write(open(org), guessOf(fine, counts))).toBe('committed')
})

test.each([
  ['ahead', 1_500],
  ['behind', -1_500],
])('a clock that is %s of the database by more than a second proves the guess wrong', async (_, off) => {
  const guess = guessOf({})
  const wrong = new Date(now().getTime() + off)
  expect(await write(open(org), { ...guess, query: { ...guess.query, now: wrong } })).toBe('conflict')
  expect(await stored()).toEqual({ invites: 0, messages: 0, revision: 1 })
})

test('tables that need newer code are written to by no guess', async () => {
  await database.pool.query('insert into invite_schema values (99, 99)')
  try {
    expect(await write(open(org), guessOf({}))).toBe('conflict')
  } finally {
    await database.pool.query('delete from invite_schema where version = 99')
  }
})

test('nobody waits for an organization that somebody else is writing to: the guess is given up at once', async () => {
  const other = await database.pool.connect()
  try {
    await other.query('begin')
    await storage.commit(changes(org, 1, { made: [open(org)] }), { tx: other })
    const since = performance.now()
    expect(await write(open(org), guessOf({}))).toBe('conflict')
    expect(performance.now() - since).toBeLessThan(500)
    await other.query('commit')
    expect(await write(open(org), guessOf({}))).toBe('committed')
  } finally {
    other.release()
  }
})

test('guesses of many organizations that come at once are each right or wrong by themselves', async () => {
  const full = guessOf({ pending: 2 }, { pending: 0 })
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
      const guess = { ...full, query: { ...full.query, organizationId: own, now: now() } }
      return storage.speculation?.commit(changes(own, 0, { made: [open(own), open(own)] }), guess)
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

test('of 40 that guess that there is room for one, one is written', async () => {
  // From several processes, as it were: one gives up by itself what is in a statement twice.
  const storages = [storage, over(database), over(database), over(database)]
  const guesses = Array.from({ length: 40 }, (_, nth) =>
    write(open(org, { expiresAt: later() }), guessOf({ pending: 2 }, { pending: 0 }), storages[nth % 4]),
  )
  const ends = await Promise.all(guesses)
  expect(ends.filter(end => end === 'committed')).toHaveLength(1)
  expect(await stored()).toMatchObject({ invites: 1, revision: 2 })
})

test('the database’s clock is known once it was heard, is not ahead of it, and unknown before', async () => {
  const fresh = over(database)
  expect(fresh.speculation?.now()).toBeNull()
  await fresh.read(question(org, { now: null }))
  const guessed = fresh.speculation?.now()?.getTime() ?? Number.NaN
  const { rows } = await database.pool.query('select extract(epoch from clock_timestamp()) * 1000 as now')
  const behind = Number(rows[0].now) - guessed
  expect(behind).toBeGreaterThanOrEqual(0)
  expect(behind).toBeLessThan(500)
})
