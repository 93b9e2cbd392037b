// What Postgres refuses because of concurrent transactions is tried again, so many times and no more.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { invariants } from '../races/invariants.ts'
import { type Store, stores } from '../races/stores.ts'
import { withSettings } from '../support/postgres.ts'
import { ada, count, endOf, invite, type Path, pathTo, system, timed, tokenOf, urlOf } from './room.ts'

let store: Store
let path: Path
beforeAll(async () => {
  store = await stores.postgres()
  path = pathTo(urlOf(store))
  // A sequence counts on when its transaction is undone.
  await store.rows('create sequence refused')
  await store.rows(`create function refuse() returns trigger language plpgsql as $$ begin
    if nextval('refused') <= tg_argv[0]::int then raise exception 'forced' using errcode = tg_argv[1]; end if;
    return new; end $$`)
})
afterAll(async () => {
  await path.pool.end()
  await store.drop()
})
afterEach(async () => {
  await store.rows('drop trigger if exists refusal on invite_events')
  expect(await invariants(store)).toEqual([])
})

async function refuse(times: number, code: string): Promise<void> {
  await store.rows('alter sequence refused restart')
  await store.rows(
    `create trigger refusal before insert on invite_events for each row execute function refuse(${times}, '${code}')`,
  )
}

describe.each(['40001', '40P01'])('%s', code => {
  test('three times in a row is no failure', async () => {
    const context = system()
    await refuse(3, code)
    expect(await endOf(invite(path.invites, context))).toBe('ok')
    expect(await count(store, `invite_invites where organization_id = '${context.organizationId}'`)).toBe(1)
  })

  test('for ever is unavailable after a bounded number of tries, and nothing is written', async () => {
    const context = system()
    await refuse(1_000_000, code)
    const [end, ms] = await timed(() => endOf(invite(path.invites, context)))
    expect(end).toBe('unavailable')
    expect(ms).toBeLessThan(10_000)
    const [row] = await store.rows('select last_value from refused')
    expect(Number(row?.['last_value'])).toBeLessThan(100)
    expect(await count(store, `invite_invites where organization_id = '${context.organizationId}'`)).toBe(0)
  })

  test('with the host’s own members is tried again as well: the host’s row is there once', async () => {
    const context = system()
    const { link } = await invite(path.hosted, context)
    await refuse(2, code)
    expect(await endOf(path.hosted.accept({ token: tokenOf(link) }, { actor: ada }))).toBe('ok')
    expect(await count(store, `host_members where organization_id = '${context.organizationId}'`)).toBe(1)
  })
})

test('a read that is refused three times is no failure either, as under a default of SERIALIZABLE', async () => {
  // A policy is asked for each row that is read, of a role that it binds.
  await store.rows(`create function allowed() returns boolean volatile language plpgsql as $$ begin
    if nextval('refused') <= 3 then raise exception 'forced' using errcode = '40001'; end if; return true; end $$`)
  // Roles are the whole server's.
  const role = `bound_${process.pid}_${Date.now()}`
  await store.rows(`create role ${role} login`)
  await store.rows(`grant all on all tables in schema public to ${role}`)
  await store.rows(`grant all on all sequences in schema public to ${role}`)
  const context = system()
  const { invite: made, link } = await invite(path.invites, context)
  const bound = pathTo(Object.assign(new URL(urlOf(store)), { username: role }).href)
  const { id } = made
  const reads: Readonly<Record<string, () => Promise<unknown>>> = {
    get: () => bound.invites.get({ id }, context),
    list: () => bound.invites.list({}, context),
    history: () => bound.invites.history({ id }, context),
    summary: () => bound.invites.summary({}, context),
    preview: () => bound.invites.preview({ token: tokenOf(link) }),
  }
  await store.rows('alter table invite_invites enable row level security')
  await store.rows('create policy reading on invite_invites using (allowed())')
  const ends: Record<string, string> = {}
  for (const [name, read] of Object.entries(reads)) {
    await store.rows('alter sequence refused restart')
    ends[name] = await endOf(read())
    const [row] = await store.rows('select last_value from refused')
    expect(Number(row?.['last_value'])).toBeGreaterThan(3)
  }
  expect(ends).toEqual({ get: 'ok', list: 'ok', history: 'ok', summary: 'ok', preview: 'ok' })
  await bound.pool.end()
  await store.rows('alter table invite_invites disable row level security')
  await store.rows(`drop owned by ${role}`)
  await store.rows(`drop role ${role}`)
})

test('a real deadlock with a transaction of the host’s is tried again; both get through', async () => {
  // Our side looks for deadlocks (once) after the host has come to wait for it, and so is the one that gives way.
  const ours = pathTo(withSettings(urlOf(store), { deadlock_timeout: '600ms' }))
  const context = system()
  const { link } = await invite(ours.hosted, context)
  await store.rows('create table if not exists host_counters (id int primary key, n int)')
  await store.rows('insert into host_counters values (1, 0)')
  await store.rows(`create or replace function bump() returns trigger language plpgsql as $$ begin
    update host_counters set n = n + 1; return new; end $$`)
  await store.rows('create trigger bump before insert on host_members for each row execute function bump()')
  const client = await path.pool.connect()
  await client.query('begin')
  await client.query("set local deadlock_timeout = '10s'")
  await client.query('update host_counters set n = n + 1')
  const accepting = endOf(ours.hosted.accept({ token: tokenOf(link) }, { actor: ada }))
  await new Promise(resolve => setTimeout(resolve, 100))
  await path.invites.touch({ organizationId: context.organizationId }, { tx: client })
  await client.query('commit')
  client.release()
  expect(await accepting).toBe('ok')
  expect(await store.rows('select n from host_counters')).toEqual([{ n: 2 }])
  await store.rows('drop trigger bump on host_members')
  await ours.pool.end()
})

test('two organizations in opposite order in two transactions of the host’s: one hears 40P01 and repeats, both get through', async () => {
  const [one, two] = [system(), system()]
  const order = async (contexts: readonly ReturnType<typeof system>[], email: string) => {
    for (;;) {
      const client = await path.pool.connect()
      try {
        await client.query('begin')
        for (const context of contexts) {
          await path.invites.create({ recipient: { email }, role: 'member' }, { ...context, tx: client })
          await new Promise(resolve => setTimeout(resolve, 100))
        }
        await client.query('commit')
        return
      } catch (error) {
        await client.query('rollback')
        if ((error as { code?: string }).code !== '40P01') throw error
      } finally {
        client.release()
      }
    }
  }
  await Promise.all([order([one, two], 'a@example.com'), order([two, one], 'b@example.com')])
  for (const { organizationId } of [one, two])
    expect(await count(store, `invite_invites where organization_id = '${organizationId}'`)).toBe(2)
})
