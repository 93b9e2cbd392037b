// Concurrent reads share statements, and each gets its own answer.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connector } from '../../adapters/storage/connectors/connector.ts'
import { fromPg } from '../../adapters/storage/connectors/pg.ts'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import { changes, emailKey, inviteId, organization, personal, question } from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
  await postgresStorage({ pool: database.pool }).migrate()
})
afterAll(() => database.drop())

/** A storage that counts what it sends. */
function counting() {
  const pg = fromPg(database.pool, { prepare: true })
  const sent: string[] = []
  const counted: Connector<never> = {
    ...pg,
    query: (text, parameters, tx) => {
      sent.push(text)
      return pg.query(text, parameters, tx)
    },
  } as Connector<never>
  return { storage: postgresStorage(counted), sent }
}

/** Organizations with so many pending invites each, 0 to 39. */
async function organizations(): Promise<string[]> {
  const storage = postgresStorage({ pool: database.pool })
  const names = Array.from({ length: 40 }, organization)
  for (const [count, org] of names.entries())
    await storage.commit(changes(org, 0, { made: Array.from({ length: count }, () => personal(org)) }))
  return names
}

test('forty concurrent reads are answered by a few statements, each for its own organization', async () => {
  const names = await organizations()
  const { storage, sent } = counting()
  const facts = await Promise.all(names.map(org => storage.read(question(org, { pending: 100, emails: [emailKey()] }))))
  expect(facts.map(({ pending, revision }) => [pending, revision])).toEqual(names.map((_, count) => [count, 1]))
  expect(sent.length).toBeLessThanOrEqual(5)
})

test('reads with different conditions have texts of their own', async () => {
  const org = organization()
  const { storage, sent } = counting()
  const invite = personal(org)
  await storage.commit(changes(org, 0, { made: [invite] }))
  const [counted, named, bare] = await Promise.all([
    storage.read(question(org, { pending: 5 })),
    storage.read(question(org, { ids: [invite.id] })),
    storage.read(question(org)),
  ])
  expect([counted.pending, named.pending, bare.pending]).toEqual([1, 0, 0])
  expect([counted.invites, named.invites, bare.invites]).toEqual([[], [invite], []])
  expect(new Set(sent).size).toBe(4)
})

test('a read that the database refuses fails alone', async () => {
  const { storage } = counting()
  const orgs = Array.from({ length: 6 }, organization)
  const asked = orgs.map((org, index) => storage.read(question(index === 4 ? `${org}\0` : org)))
  const ends = await Promise.allSettled(asked)
  expect(ends.map(({ status }) => status)).toEqual(orgs.map((_, index) => (index === 4 ? 'rejected' : 'fulfilled')))
})

test('concurrent lookups by id share a statement, and an unknown id is null', async () => {
  const org = organization()
  const live = Array.from({ length: 20 }, () => personal(org))
  const { storage, sent } = counting()
  await storage.commit(changes(org, 0, { made: live }))
  sent.length = 0
  const ids = live.flatMap(({ id }) => [id, inviteId()])
  const found = await Promise.all(ids.map(id => storage.find({ id })))
  expect(found).toEqual(live.flatMap(({ id }) => [{ id, organizationId: org }, null]))
  expect(sent.length).toBeLessThanOrEqual(4)
})

test('a read in a transaction has a statement of its own, in that transaction', async () => {
  const org = organization()
  const storage = postgresStorage({ pool: database.pool })
  const tx = await database.pool.connect()
  try {
    await tx.query('begin')
    await storage.commit(changes(org, 0, { made: [personal(org)] }), { tx })
    const inside = storage.read(question(org, { pending: 9 }), tx)
    const [outside, own] = await Promise.all([storage.read(question(org, { pending: 9 })), inside])
    expect([outside.revision, outside.pending, own.revision, own.pending]).toEqual([0, 0, 1, 1])
  } finally {
    await tx.query('rollback')
    tx.release()
  }
})
