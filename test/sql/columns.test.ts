// Rows are sent to Postgres column by column, and come back unchanged.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import { byEmail, changes, emailKey, kept, organization, personal, question } from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'

let database: Database
let storage: ReturnType<typeof over>
const over = ({ pool }: Database) => postgresStorage({ pool })
beforeAll(async () => {
  database = await freshDatabase()
  storage = over(database)
  await storage.migrate()
})
afterAll(() => database.drop())

/** What Postgres can store: no NUL, no half characters; and what an array's text has its own meaning for. */
const text = fc.oneof(
  fc.constantFrom('', 'null', 'NULL', '{}', '{"a"}', 'a,b', '"', '\\', '\\"', "'", '\n\t', ' padded ', '$1', 'é😀'),
  fc.string({ unit: 'grapheme' }).map(some => some.replaceAll('\0', '')),
)
const maybe = fc.option(text, { nil: null })
const json = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 })
const time = fc
  .option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: null })
  .map(ms => (ms === null ? null : new Date(ms)))

const fields = fc.record({
  role: text,
  externalId: maybe,
  inviterName: maybe,
  metadata: json,
  template: fc.option(json, { nil: null }),
  channels: fc.array(text, { maxLength: 2 }),
  expiresAt: time,
  lifetime: fc.option(fc.nat(), { nil: null }),
})

test('a row comes back as it was written, whatever its values, alone or among others that share them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fields, { minLength: 1, maxLength: 12 }), fc.boolean(), async (rows, alike) => {
      const org = organization()
      const made = rows.map(row => personal(org, { ...(alike ? rows[0] : row), recipient: byEmail() }))
      expect(await storage.commit(changes(org, 0, { made }))).toBe('committed')
      const { invites } = await storage.read(question(org, { ids: made.map(({ id }) => id) }))
      const byId = (id: string) => invites.find(invite => invite.id === id)
      for (const invite of made) expect(byId(invite.id)).toEqual(invite)
    }),
    { numRuns: 60 },
  )
})

test('commits of more shapes than the cache has texts for still go through', async () => {
  const org = organization()
  for (let revision = 0; revision < 130; revision += 1) {
    const differ = (bit: number, index: number) => (((revision >> bit) & 1) === 1 && index === 1 ? 'other' : 'same')
    const made = [0, 1].map(index =>
      personal(org, {
        role: differ(0, index),
        inviterId: differ(1, index),
        inviterName: differ(2, index),
        externalId: differ(3, index),
        inviterRole: differ(4, index),
        linkPattern: differ(5, index),
        keyId: differ(6, index),
        inviteeId: differ(7, index),
        recipient: byEmail(emailKey()),
      }),
    )
    expect(await storage.commit(changes(org, revision, { made }))).toBe('committed')
    const { invites } = await storage.read(question(org, { ids: made.map(({ id }) => id) }))
    expect(invites.map(({ role }) => role).sort()).toEqual(made.map(({ role }) => role).sort())
  }
  const { rows } = await database.pool.query('select count(*)::int as count from invite_invites where organization_id = $1', [
    org,
  ])
  expect(rows[0]?.count).toBe(260)
})

test('a null in a JSON column stays null', async () => {
  const org = organization()
  const answers = [kept('with', { answer: { a: 1 } }), kept('without', { answer: null })]
  await storage.commit(changes(org, 0, { idempotency: answers }))
  const those = 'select key from invite_kept where organization_id = $1 and answer is null'
  expect((await database.pool.query(those, [org])).rows).toEqual([{ key: 'without' }])
})
