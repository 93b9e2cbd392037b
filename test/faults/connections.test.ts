// Postgres goes away, is full or refuses to write: clear errors in bounded time, no half state, and on it goes afterwards.
import { setTimeout as sleep } from 'node:timers/promises'
import { postgresStorage } from 'invitekit/postgres'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { invariants } from '../races/invariants.ts'
import { type Store, stores } from '../races/stores.ts'
import { withSettings } from '../support/postgres.ts'
import { startProxy } from '../support/proxy.ts'
import { ada, count, endOf, invite, pathTo, system, timed, tokenOf, urlOf } from './room.ts'

let store: Store
beforeAll(async () => {
  store = await stores.postgres()
})
afterAll(() => store.drop())
afterEach(async () => {
  expect(await invariants(store)).toEqual([])
})

const many = (work: (index: number) => Promise<unknown>) => Promise.all([...Array(20).keys()].map(index => endOf(work(index))))

test('when the pool is exhausted, 20 callers hear so in the time that they were ready to wait, not one after another', async () => {
  const { pool, invites } = pathTo(urlOf(store), { max: 1, acquireTimeout: 300 })
  const context = system()
  const host = await pool.connect()
  const [ends, ms] = await timed(() => many(index => invite(invites, context, `p${index}@example.com`)))
  expect(new Set(ends)).toEqual(new Set(['unavailable']))
  expect(ms).toBeLessThan(3_000)
  host.release()
  expect(await endOf(invite(invites, context))).toBe('ok')
  await pool.end()
})

test('and so do they whose organizations are 20, and who go as one statement', async () => {
  const { pool, invites } = pathTo(urlOf(store), { max: 1, acquireTimeout: 300 })
  const contexts = [...Array(20)].map(() => system())
  for (const context of contexts) await invite(invites, context, 'first@example.com')
  const host = await pool.connect()
  const [ends, ms] = await timed(() => Promise.all(contexts.map(context => endOf(invite(invites, context)))))
  expect(new Set(ends)).toEqual(new Set(['unavailable']))
  expect(ms).toBeLessThan(1_500)
  host.release()
  await pool.end()
})

test('a statement whose backend is terminated (57P01) is made again; the caller notices nothing', async () => {
  const { pool, invites } = pathTo(urlOf(store), { application_name: 'doomed' })
  const context = system()
  await invite(invites, context)
  const host = await store.rows(`select 1`).then(() => pathTo(urlOf(store)))
  const client = await host.pool.connect()
  await client.query('begin')
  await client.query(`select * from invite_scopes where organization_id = '${context.organizationId}' for update`)
  const waiting = invite(invites, context, 'b@example.com')
  await waitsForLock(store, 'doomed')
  await store.rows(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'doomed' and wait_event_type = 'Lock'`,
  )
  await sleep(50)
  await client.query('rollback')
  client.release()
  await waiting
  expect(await count(store, `invite_invites where organization_id = '${context.organizationId}'`)).toBe(2)
  await host.pool.end()
  await pool.end()
})

test('an acceptance whose backend is terminated while the host’s code runs leaves nothing, and can be repeated', async () => {
  const { pool, storage, hosted } = pathTo(urlOf(store))
  const context = system()
  const { link } = await invite(hosted, context)
  await store.rows(`create function ${trap}() returns trigger language plpgsql as $$ begin
    if new.user_id = 'ada' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$`)
  await store.rows(`create trigger ${trap} before insert on host_members for each row execute function ${trap}()`)
  expect(await endOf(hosted.accept({ token: tokenOf(link) }, { actor: ada }))).not.toBe('ok')
  await store.rows(`drop trigger ${trap} on host_members`)
  expect(await count(store, `host_members where organization_id = '${context.organizationId}'`)).toBe(0)
  expect(await invariants(store)).toEqual([])
  expect(await endOf(hosted.accept({ token: tokenOf(link) }, { actor: ada }))).toBe('ok')
  expect((await storage.find({ codeHashes: [] })) ?? null).toBeNull()
  await pool.end()
})
const trap = 'terminate_me'

test.each([
  ['by our own deadline', {}],
  ['by the pool’s query_timeout', { query_timeout: 400 }],
])('when every line goes silent, 20 callers hear so %s; when it is replaced, calls go through', async (_, config) => {
  const proxy = await startProxy(urlOf(store))
  const { pool, invites } = pathTo(proxy.url, { ...config, lockTimeout: 500, acquireTimeout: 400 })
  const context = system()
  await invite(invites, context)
  proxy.silence()
  const [ends, ms] = await timed(() => many(index => invite(invites, context, `p${index}@example.com`)))
  expect(new Set(ends)).toEqual(new Set(['unavailable']))
  expect(ms).toBeLessThan(5_000)
  proxy.heal()
  await sleep(100)
  expect(await endOf(invite(invites, context, 'late@example.com'))).toBe('ok')
  expect(await count(store, `invite_invites where organization_id = '${context.organizationId}'`)).toBe(2)
  await pool.end()
  await proxy.close()
})

test.each([
  ['our own deadline', {}],
  ['the pool’s query_timeout', { query_timeout: 400 }],
])('a connection that was given up by %s is closed: a pool of one serves the next call on another', async (_, config) => {
  const proxy = await startProxy(urlOf(store))
  const { pool, invites } = pathTo(proxy.url, { ...config, max: 1, lockTimeout: 300, acquireTimeout: 300 })
  const context = system()
  const { id } = (await invite(invites, context)).invite
  const met = proxy.fault(/'revision', coalesce/, 'swallowed')
  const [end, ms] = await timed(() => endOf(invites.revoke({ id }, context)))
  await met
  expect(end).toBe('unavailable')
  expect(ms).toBeLessThan(3_000)
  expect(await endOf(invite(invites, context, 'c@example.com'))).toBe('ok')
  expect(pool.totalCount).toBe(1)
  expect(await count(store, `invite_invites where organization_id = '${context.organizationId}'`)).toBe(2)
  await pool.end()
  await proxy.close()
})

test('connections that are never made give their places back: a pool of our own is not used up by a silent server', async () => {
  const proxy = await startProxy(urlOf(store))
  const storage = postgresStorage(proxy.url, { acquireTimeout: 300 })
  // As many as a pool has; the first message of a connection names the user.
  const swallowed = [...Array(10)].map(() => proxy.fault(/\0user\0/, 'swallowed'))
  const touches = () => Promise.all([...Array(10)].map(() => endOf(storage.touch(system().organizationId))))
  expect(new Set(await touches())).toEqual(new Set(['unavailable']))
  await Promise.all(swallowed)
  await sleep(1_500)
  expect(new Set(await touches())).toEqual(new Set(['ok']))
  await storage.close()
  await proxy.close()
})

test('a server that became read-only is unavailable for what writes, and answers what reads', async () => {
  const { pool, invites } = pathTo(withSettings(urlOf(store), { default_transaction_read_only: 'on' }))
  const writable = pathTo(urlOf(store))
  const context = system()
  const { link } = await invite(writable.invites, context)
  const [ends, ms] = await timed(() =>
    Promise.all([
      endOf(invite(invites, context, 'b@example.com')),
      endOf(invites.accept({ token: tokenOf(link) }, { actor: ada })),
      endOf(invites.touch({ organizationId: context.organizationId }, {})),
      endOf(invites.list({}, context)),
      endOf(invites.preview({ token: tokenOf(link) })),
    ]),
  )
  expect(ends).toEqual(['unavailable', 'unavailable', 'unavailable', 'ok', 'ok'])
  expect(ms).toBeLessThan(4_000)
  await pool.end()
  await writable.pool.end()
})

/** Until a connection named so waits for a lock. */
async function waitsForLock({ rows }: Store, name: string): Promise<void> {
  const text = `select 1 from pg_stat_activity where application_name = '${name}' and wait_event_type = 'Lock'`
  while ((await rows(text)).length === 0) await sleep(10)
}
