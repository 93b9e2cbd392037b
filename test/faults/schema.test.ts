// Tables that are not there yet, or newer than the code, and processes that migrate while others work.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { latest } from '../../adapters/storage/sql/migrations.ts'
import { tableNames } from '../../adapters/storage/sql/tables.ts'
import { type Cluster, startCluster } from '../races/cluster.ts'
import { invariants } from '../races/invariants.ts'
import { openInvites, type Store, stores } from '../races/stores.ts'
import { ada, count, invite, system, tokenOf } from './room.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster(3)
}, 60_000)
afterAll(() => cluster.end())

async function dropTables({ rows }: Store): Promise<void> {
  for (const table of tableNames) await rows(`drop table invite_${table}`)
}

describe.each(['postgres', 'sqlite'] as const)('%s', kind => {
  let store: Store
  beforeAll(async () => {
    store = await stores[kind]()
  })
  afterAll(() => store.drop())

  test('before the tables are made every call says not_migrated, and what to run', async () => {
    await dropTables(store)
    const { invites, close } = openInvites(store.place)
    const context = system()
    const calls = [
      invite(invites, context),
      invites.list({}, context),
      invites.sweep(),
      invites.relay.enable('webhook'),
      invites.touch({ organizationId: context.organizationId }, {}),
    ]
    const refused = expect.objectContaining({ code: 'not_migrated', message: expect.stringContaining('migrate()') })
    expect(await Promise.allSettled(calls)).toEqual(calls.map(() => ({ status: 'rejected', reason: refused })))
    await close()
  })

  test('3 processes that migrate 3 times each and invite at once make the tables once', async () => {
    const setting = { organizationId: 'acme' }
    for (let repeat = 0; repeat < 3; repeat += 1) {
      if (repeat > 0) await dropTables(store)
      const calls = [...Array(9)].map(() => ({ do: 'migrate' }) as const)
      const [ends] = await cluster.run(store.place, [{ setting, calls }])
      expect(ends).toEqual(calls.map(() => ['ok']))
      expect(await count(store, 'invite_schema')).toBe(latest)
      const creates = [...Array(9)].map((_, index) => ({ do: 'create', email: `p${index}@example.com` }) as const)
      const [made] = await cluster.run(store.place, [{ setting, calls: [...creates, ...calls] }])
      expect(made?.flat()).toEqual(Array(18).fill('ok'))
      expect(await count(store, 'invite_invites')).toBe(9)
      expect(await invariants(store)).toEqual([])
    }
  })

  test('tables of a newer version are written by older code, which leaves alone what it does not know', async () => {
    const { invites, close } = openInvites(store.place)
    // Its statements are prepared by then.
    await invite(invites, system())
    await store.rows('alter table invite_invites add column later text')
    await store.rows('alter table invite_members add column later text')
    await store.rows('insert into invite_schema (version, minimum_reader) values (99, 1)')
    const context = system()
    const { invite: made, link } = await invite(invites, context)
    await store.rows(`update invite_invites set later = 'kept' where id = '${made.id}'`)
    await invites.update({ id: made.id, role: 'admin' }, context)
    await invites.accept({ token: tokenOf(link) }, { actor: ada })
    expect(await store.rows(`select status, later from invite_invites where id = '${made.id}'`)).toEqual([
      { status: 'accepted', later: 'kept' },
    ])
    const versions = await count(store, 'invite_schema')
    await invites.migrate()
    expect(await count(store, 'invite_schema')).toBe(versions)
    await close()
  })

  test('tables that need newer code are not_migrated for older code, which writes nothing', async () => {
    await store.rows('update invite_schema set minimum_reader = 99 where version = 99')
    const { invites, close } = openInvites(store.place)
    const before = await count(store, 'invite_events')
    await expect(invite(invites, system())).rejects.toMatchObject({
      code: 'not_migrated',
      message: expect.stringContaining('update invitekit'),
    })
    expect(await count(store, 'invite_events')).toBe(before)
    await close()
  })
})
