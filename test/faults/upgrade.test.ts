// A database that version 1 of the tables was made, filled and left in: brought to the newest, it works on, and so does old code.
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { latest } from '../../adapters/storage/sql/migrations.ts'
import { tableNames } from '../../adapters/storage/sql/tables.ts'
import { type Cluster, startCluster } from '../races/cluster.ts'
import { invariants } from '../races/invariants.ts'
import { openInvites, type Store, stores } from '../races/stores.ts'
import { ada, count, endOf } from './room.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster(3)
}, 60_000)
afterAll(() => cluster.end())

const system = { actor: 'system', organizationId: 'acme' } as const

async function execute({ place, rows }: Store, script: string): Promise<void> {
  if (place.kind === 'postgres') return void (await rows(script))
  const database = new Database(place.file)
  database.exec(script)
  database.close()
}

const shapes = {
  postgres: [
    `select table_name as t, column_name as c, data_type as type, is_nullable as n, column_default as d
     from information_schema.columns where table_schema = current_schema() and table_name like 'invite\\_%' order by 1, 2`,
    `select regexp_replace(indexdef, ' ON \\S+\\.', ' ON ') as text from pg_indexes
     where schemaname = current_schema() and tablename like 'invite\\_%' order by 1`,
  ],
  sqlite: [
    `select m.name as t, p.name as c, p.type, p."notnull" as n, p.dflt_value as d, p.pk
     from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table' and m.name like 'invite_%' order by 1, 2`,
    `select replace(replace(sql, '"', ''), 'IF NOT EXISTS ', '') as text from sqlite_master
     where type = 'index' and sql is not null and tbl_name like 'invite_%' order by 1`,
  ],
}
/** Tables, columns and indexes as the database describes them. */
const shapeOf = ({ place, rows }: Store) => Promise.all(shapes[place.kind].map(rows))

describe.each(['postgres', 'sqlite'] as const)('%s', kind => {
  const script = readFileSync(new URL(`version1/${kind}.sql`, import.meta.url), 'utf8')
  const tokenOf = (name: string) => new RegExp(`token of ${name}: (\\S+)`).exec(script)?.[1] ?? ''
  let store: Store
  let fresh: unknown
  beforeAll(async () => {
    store = await stores[kind]()
    fresh = await shapeOf(store)
    for (const table of tableNames) await store.rows(`drop table invite_${table}`)
    await execute(store, script)
  })
  afterAll(() => store.drop())

  test('it is not_migrated, for reads and writes alike, and stays as it is', async () => {
    const { invites, close } = openInvites(store.place)
    const create = invites.create({ recipient: { email: 'new@example.com' }, role: 'member' }, system)
    const refused = { code: 'not_migrated', message: expect.stringContaining('migrate()') }
    await expect(create).rejects.toMatchObject(refused)
    await expect(invites.accept({ token: tokenOf('ada') }, { actor: ada })).rejects.toMatchObject(refused)
    expect([await count(store, 'invite_invites'), await count(store, 'invite_events')]).toEqual([4, 7])
    await close()
  })

  test('3 processes that migrate it at once make of it what a new database is', async () => {
    const calls = [...Array(9)].map(() => ({ do: 'migrate' }) as const)
    const [ends] = await cluster.run(store.place, [{ setting: { organizationId: 'acme' }, calls }])
    expect(ends).toEqual(calls.map(() => ['ok']))
    expect(await shapeOf(store)).toEqual(fresh)
    expect(await count(store, 'invite_schema')).toBe(latest)
    expect([await count(store, 'invite_invites'), await count(store, 'invite_events')]).toEqual([4, 7])
  })

  test('what it held goes on: mails, links, keys, members, history', async () => {
    const mails: string[] = []
    const transports = { email: { send: async ({ to }: { to: string }) => void mails.push(to) } }
    // An hour after it was left: kept answers still hold.
    const clock = () => new Date('2024-05-06T13:00:00.000Z')
    const { invites, close } = openInvites(store.place, { transports, clock })
    const wrong = await invariants(store)
    expect(wrong.filter(law => !law.startsWith('an event that nobody'))).toEqual([])
    await invites.relay.drain()
    expect(mails).toEqual(['ada@example.com'])
    const input = {
      recipient: { email: ada.email, firstName: 'Ada', lastName: "O'Neill" },
      role: 'admin',
      extra: { plan: 'pro' },
    }
    const replayed = await invites.create(input, { ...system, idempotencyKey: 'key-1' })
    expect(replayed).toMatchObject({ invite: { status: 'pending', recipient: { lastName: "O'Neill" } } })
    expect(await invites.accept({ token: tokenOf('ada') }, { actor: ada })).toMatchObject({
      repeated: false,
      invite: { id: replayed.invite.id },
      member: { role: 'admin' },
    })
    const dave = { userId: 'dave', emailVerified: false }
    await invites.accept({ token: tokenOf('the open invite') }, { actor: dave })
    expect(await invites.sweep()).toMatchObject({ expired: 1 })
    const { data } = await invites.list({ sort: 'createdAt' }, system)
    const known = data.map(({ status, recipient, useCount }) => [recipient?.email ?? 'open', status, useCount])
    expect(known.sort()).toEqual([
      ['ada@example.com', 'accepted', 1],
      ['bob@example.com', 'accepted', 1],
      ['eve@example.com', 'expired', 0],
      ['open', 'pending', 2],
    ])
    const bob = data.find(({ recipient }) => recipient?.email === 'bob@example.com')
    const { data: history } = await invites.history({ id: bob?.id ?? '' }, system)
    expect(history.map(({ type }) => type)).toEqual(['invite.created', 'invite.sent', 'invite.accepted'])
    const members = await invites.members.list({}, system)
    expect(members.data.map(({ userId }) => userId)).toEqual(['ada', 'bob', 'carol', 'dave'])
    await close()
  })

  test('code of version 1 is not told to stop, and what it writes still fits', async () => {
    expect(await store.rows('select max(minimum_reader) as reader from invite_schema')).toEqual([
      { reader: kind === 'postgres' ? '1' : 1 },
    ])
    // Its own inserts, with other ids, in another organization.
    const [prefix = ''] = /01[0-9a-f]{6}(?=-)/.exec(script) ?? []
    const inserts = script.slice(script.indexOf('insert into invite_scopes'))
    await execute(
      store,
      inserts
        .replaceAll(prefix, `02${prefix.slice(2)}`)
        .replaceAll("'acme'", "'late'")
        .replace("'counter'", "'other'"),
    )
    const { invites, close } = openInvites(store.place)
    const late = { actor: 'system', organizationId: 'late' } as const
    expect((await invites.summary({}, late)).statuses).toMatchObject({ pending: 2, accepted: 1, expired: 1 })
    expect(await endOf(invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, late))).toBe(
      'already_invited',
    )
    expect(await endOf(invites.create({ recipient: { email: 'eve@example.com' }, role: 'member' }, late))).toBe('ok')
    await close()
  })
})
