// Calls of several organizations share statements; what one of them waits for is waited for by no other.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { invariants } from '../races/invariants.ts'
import { type Store, stores } from '../races/stores.ts'
import { startProxy } from '../support/proxy.ts'
import { endOf, invite, type Path, pathTo, system, timed, tokenOf, urlOf } from './room.ts'

let store: Store
beforeAll(async () => {
  store = await stores.postgres()
})
afterAll(() => store.drop())
afterEach(async () => {
  expect(await invariants(store)).toEqual([])
})

type Context = ReturnType<typeof system>
interface Neighbour {
  readonly context: Context
  readonly token: string
  readonly id: string
}

/** Twenty organizations, each with an invite. */
const neighbours = (path: Path): Promise<Neighbour[]> =>
  Promise.all(
    Array.from({ length: 20 }, async () => {
      const context = system()
      const { link, invite: made } = await invite(path.invites, context, 'first@example.com')
      return { context, token: tokenOf(link), id: made.id }
    }),
  )

/** How it ended for the first, and for the others, and how long it took them. */
async function together(all: readonly Neighbour[], call: (one: Neighbour) => Promise<unknown>) {
  const ends = all.map(one => timed(() => endOf(call(one))))
  const [[first], ...others] = (await Promise.all(ends)) as [readonly [string, number], ...(readonly [string, number])[]]
  return { first, others: new Set(others.map(([end]) => end)), ms: Math.max(...others.map(([, ms]) => ms)) }
}

test('an invite that the host has locked holds up its own call alone', async () => {
  const path = pathTo(urlOf(store), { lockTimeout: 700, max: 10 })
  const all = await neighbours(path)
  const host = await path.pool.connect()
  await host.query('begin')
  await host.query('select 1 from invite_invites where id = $1 for update', [all[0]?.id])
  const { first, others, ms } = await together(all, ({ token }) => path.invites.open({ token }))
  expect(first).toBe('unavailable')
  expect(others).toEqual(new Set(['ok']))
  expect(ms).toBeLessThan(600)
  await host.query('rollback')
  host.release()
  await path.pool.end()
})

test('a trigger of the host’s that waits or is slow for one organization holds up the others once, for a moment', async () => {
  const path = pathTo(urlOf(store), { max: 10 })
  const all = await neighbours(path)
  const slow = all[0]?.context.organizationId
  await store.rows(`create function ${trigger}() returns trigger language plpgsql as $$ begin
    if new.organization_id = '${slow}' then perform pg_sleep(1); end if; return new; end $$`)
  await store.rows(`create trigger ${trigger} before insert on invite_invites for each row execute function ${trigger}()`)
  const create = (name: string) => together(all, ({ context }) => invite(path.invites, context, `${name}@example.com`))
  expect(await create('ann')).toMatchObject({ first: 'ok', others: new Set(['ok']) })
  const { first, others, ms } = await create('bob')
  expect({ first, others }).toEqual({ first: 'ok', others: new Set(['ok']) })
  expect(ms).toBeLessThan(800)
  await store.rows(`drop trigger ${trigger} on invite_invites`)
  await path.pool.end()
})
const trigger = 'slow_for_one'

test('an error that one organization’s rows raise is heard by its own caller alone', async () => {
  const path = pathTo(urlOf(store), { max: 10 })
  const all = await neighbours(path)
  const bad = all[0]?.context.organizationId
  await store.rows(`create function ${refusal}() returns trigger language plpgsql as $$ begin
    if new.organization_id = '${bad}' then raise exception 'not here'; end if; return new; end $$`)
  await store.rows(`create trigger ${refusal} before insert on invite_invites for each row execute function ${refusal}()`)
  const { first, others } = await together(all, ({ context }) => invite(path.invites, context, 'ann@example.com'))
  expect(first).toContain('not here')
  expect(others).toEqual(new Set(['ok']))
  await store.rows(`drop trigger ${refusal} on invite_invites`)
  await path.pool.end()
})
const refusal = 'refused_for_one'

test('a connection that went silent holds up who waits for its answer, and nobody after them', async () => {
  const proxy = await startProxy(urlOf(store))
  const path = pathTo(proxy.url, { lockTimeout: 500, acquireTimeout: 1_000, max: 10 })
  const all = await neighbours(path)
  const met = proxy.fault(/"userId" text/, 'swallowed')
  const [one, ...others] = all
  const lost = endOf(path.invites.preview({ token: one?.token ?? '' }))
  await met
  await sleep(150)
  const [ends, ms] = await timed(() => Promise.all(others.map(({ token }) => endOf(path.invites.preview({ token })))))
  expect(new Set(ends)).toEqual(new Set(['ok']))
  expect(ms).toBeLessThan(1_000)
  expect(await lost).toBe('unavailable')
  await path.pool.end()
  await proxy.close()
})
