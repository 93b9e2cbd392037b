// Every statement that a call waits for walks an index, on tables large enough that a scan would be noticed.
import type { PoolClient } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Connector } from '../../adapters/storage/connectors/connector.ts'
import { fromPg } from '../../adapters/storage/connectors/pg.ts'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import type { Storage } from '../../src/index.ts'
import { changes, delivery, emailKey, ended, event, inviteId, listQuery, personal, question } from '../support/make.ts'
import { type Database, freshDatabase } from '../support/postgres.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
  await postgresStorage({ pool: database.pool }).migrate()
  await database.pool.query(seed)
}, 120_000)
afterAll(() => database.drop())

const tables = ['invites', 'events', 'outbox', 'members', 'kept', 'uses', 'suppressions', 'templates'] as const

/** One organization in a hundred thousand invites of a hundred. */
const seed = `
insert into invite_scopes select 'org-' || i, 5 from generate_series(0, 99) i;
insert into invite_invites (id, organization_id, kind, status, role, invitee_id, metadata, extra, channels, key_id, generation,
  use_count, email, email_key, search, created_at, updated_at, expires_at, lifetime, send_count, code_hash, external_id, remind_at)
select gen_random_uuid(), 'org-' || i % 100, 'personal', case when i % 3 = 0 then 'pending' else 'accepted' end, 'member', 'u' || i, '{}', '{}',
  '["email"]', 'k', 1, 0, 'a' || i || '@x.example', 'a' || i || '@x.example', 'a' || i, now() - i * interval '1 second', now(),
  now() + (i % 7 - 1) * interval '1 day', 1000, 1, 'hash' || i, 'ext' || i,
  case when i % 2 = 0 then now() + (i % 50 - 1) * interval '1 day' end from generate_series(1, 100000) i;
insert into invite_events (id, organization_id, invite_id, type, at, actor_id, data)
select 'e' || row_number() over (), organization_id, id, 'invite.created', created_at, 'user' || (random() * 50)::int, '{}' from invite_invites;
insert into invite_outbox (id, kind, target, organization_id, invite_id, generation, reason, mark, status, attempts, created_at, updated_at, due_at)
select 'o' || row_number() over (), 'delivery', 'email', organization_id, id, 1, 'created', 'mark' || email_key,
  case when send_count = 1 and right(email_key, 3) <> 'zzz' then 'sent' end, 1, created_at, created_at, null from invite_invites;
insert into invite_members select 'org-' || i % 100, 'user' || i / 100, 'member', 'm' || i || '@x.example', null, false, now() from generate_series(1, 50000) i;
insert into invite_kept select 'org-' || i % 100, 'key' || i, 'x', '{}', now() from generate_series(1, 50000) i;
insert into invite_templates select gen_random_uuid(), 'org-' || i % 100, 'n', i < 100, '{}', now(), now(), null from generate_series(1, 50000) i;
update invite_invites set template_id = gen_random_uuid() where right(email_key, 11) = '7@x.example';
insert into invite_suppressions select 'org-' || i % 100, 'm' || i, now() from generate_series(1, 50000) i;
insert into invite_uses select id, 'user1', now() from invite_invites limit 20000;
analyze;`

/** The tables that a call read from end to end. */
async function scansOf(call: (storage: Storage<PoolClient>) => Promise<unknown>): Promise<string[]> {
  const scanned = new Set<string>()
  const pg = fromPg(database.pool, { prepare: false })
  const explaining: Connector<PoolClient> = {
    ...pg,
    async query(text, parameters, tx) {
      const { rows } = await database.pool.query<{ 'QUERY PLAN': unknown }>(`explain (format json) ${text}`, [...parameters])
      for (const table of tables) {
        const scan = new RegExp(`"Node Type":"Seq Scan",[^{}]*"Relation Name":"invite_${table}"`)
        if (scan.test(JSON.stringify(rows))) scanned.add(table)
      }
      return pg.query(text, parameters, tx)
    },
  }
  await call(postgresStorage(explaining))
  return [...scanned]
}

const everything = question('org-7', {
  emails: [emailKey('a7@x.example')],
  users: ['user3'],
  idempotencyKeys: ['key7'],
  templates: [inviteId()],
  inviters: ['user3'],
  addressHashes: ['marka7@x.example'],
  pending: 5,
  seats: 5,
})
const now = new Date()

test.each<[string, (storage: Storage<PoolClient>) => Promise<unknown>]>([
  ['read', storage => storage.read({ ...everything, ids: [inviteId()], sentTo: [inviteId()] })],
  [
    'read fifty addresses',
    storage => storage.read({ ...everything, emails: [...Array(50)].map((_, i) => emailKey(`a${i * 100 + 7}@x.example`)) }),
  ],
  ['find by code', storage => storage.find({ codeHashes: ['hash7', 'hash9'] })],
  ['the newest', storage => storage.lists.invites(listQuery('org-7', { descending: true, limit: 20 }))],
  ['by expiry', storage => storage.lists.invites(listQuery('org-7', { sort: 'expiresAt', limit: 20 }))],
  ['by update', storage => storage.lists.invites(listQuery('org-7', { sort: 'updatedAt', limit: 20 }))],
  ['pending', storage => storage.lists.invites(listQuery('org-7', { status: ['pending'], limit: 20 }))],
  ['by external id', storage => storage.lists.invites(listQuery('org-7', { externalId: 'ext7' }))],
  ['by address', storage => storage.lists.invites(listQuery('org-7', { email: emailKey('a7@x.example') }))],
  ['mine', storage => storage.lists.mine({ email: emailKey('a6@x.example'), phone: null, now })],
  ['addressed', storage => storage.lists.addressed({ email: emailKey('a7@x.example') })],
  ['deliveries', storage => storage.lists.deliveries([inviteId(), inviteId()])],
  ['history', storage => storage.lists.history({ organizationId: 'org-7', id: inviteId(), after: null, limit: 20 })],
  ['members', storage => storage.lists.members({ organizationId: 'org-7', after: 'user3', limit: 20 })],
  ['due', storage => storage.lists.due(now, 20)],
  ['remindable', storage => storage.lists.remindable(now, 20, null)],
  ['remindable, the next page', storage => storage.lists.remindable(now, 20, { remindAt: now, id: inviteId() })],
  ['lease', storage => storage.outbox.lease({ owner: 'o', ms: 1000 }, { limit: 20, now: null, except: [], lapsed: true })],
  ['check', storage => storage.outbox.check([{ id: 'o7', owner: 'o' }])],
  ['next', storage => storage.outbox.next()],
  ['redeliver', storage => storage.outbox.redeliver('o7', null)],
  ['a delivery by its id', storage => storage.outbox.delivery('o7')],
  [
    'report',
    storage =>
      storage.outbox.report(
        {
          ...{ id: 'o7', organizationId: 'org-7', from: 'sent', status: 'bounced', failure: null, at: now },
          ...{ events: [], messages: [], suppress: ['mark'] },
        },
        null,
      ),
  ],
  ['suppressions', storage => storage.suppressions.find([{ organizationId: 'org-7', addressHashes: ['m7', 'm8'] }])],
  ['templates', storage => storage.templates.find({ ids: [inviteId()], organizations: ['', 'org-7'] })],
  ['a page of templates', storage => storage.templates.list({ organizationId: 'org-7', limit: 20, after: inviteId() })],
  ['removing a template', storage => storage.templates.remove({ id: inviteId(), organizationId: 'org-7', now })],
  [
    'settle',
    storage =>
      storage.outbox.settle([{ owner: 'o', settlement: { id: 'o7', outcome: 'done', providerId: null, at: now } }], null),
  ],
])('%s scans no table', async (_, call) => {
  expect(await scansOf(call)).toEqual([])
})

/** The plan of each statement. */
async function plansOf(call: (storage: Storage<PoolClient>) => Promise<unknown>): Promise<readonly string[]> {
  const texts: string[] = []
  const pg = fromPg(database.pool, { prepare: false })
  const noting: Connector<PoolClient> = {
    ...pg,
    async query(text, parameters, tx) {
      const { rows } = await database.pool.query(`explain ${text}`, [...parameters])
      texts.push(JSON.stringify(rows))
      return pg.query(text, parameters, tx)
    },
  }
  await call(postgresStorage(noting))
  return texts
}

test('whether a template is in use is read from the index of pending invites', async () => {
  const remove = { id: inviteId(), organizationId: 'org-7', now }
  const plans = await plansOf(storage => storage.templates.remove(remove))
  expect(plans.filter(plan => plan.includes('invite_invites_template_idx'))).toHaveLength(1)
})

test('the query for due reminders uses the index of waiting ones', async () => {
  const texts = await plansOf(storage => storage.lists.remindable(now, 20, null))
  expect(texts).toHaveLength(1)
  expect(texts[0]).toContain('Index Scan using invite_invites_remind_idx')
  expect(texts[0]).not.toContain('Sort')
})

test('a commit that ends, inserts and erases scans no table but the answers of its organization', async () => {
  const org = 'org-commit'
  const old = personal(org)
  const storage = postgresStorage({ pool: database.pool })
  await storage.commit(changes(org, 0, { made: [old] }))
  const successor = personal(org)
  const over = ended(old, { status: 'expired' })
  const commit = changes(org, 1, {
    ended: [over],
    made: [successor],
    events: [event(old)],
    messages: [delivery(old)],
    erased: [old.id],
  })
  expect(await scansOf(explained => explained.commit(commit))).toEqual([])
})

test('finding versions and committing speculatively use indexes, and find each member by its key', async () => {
  const inviter = 'user7'
  const org = 'org-0'
  const old = personal(org, { inviterId: inviter })
  const storage = postgresStorage({ pool: database.pool })
  await storage.commit(changes(org, 5, { made: [old] }))
  const known = await storage.speculation?.findWithVersions(old.id, 'user8')
  if (!known) throw new Error('no such invite')
  expect(await scansOf(async explained => explained.speculation?.findWithVersions(old.id, 'user8'))).toEqual([])
  const asked = { idempotencyKeys: ['k'], inviters: [inviter], addressHashes: ['m'], members: true }
  const guess = {
    query: question(org, { ...asked, emails: [emailKey()], pending: 50, seats: 9000, now: storage.speculation?.now() ?? null }),
    atMost: { pending: 9000, seats: 9000, createdToday: 9000, sentToday: 9 },
    versions: known.versions,
    until: null,
  }
  const over = ended(old, { status: 'expired' })
  const write = changes(org, 6, { ended: [over], made: [personal(org)], events: [event(old)], messages: [delivery(old)] })
  expect(await scansOf(async explained => expect(await explained.speculation?.commit(write, guess)).toBe('committed'))).toEqual(
    [],
  )
})
