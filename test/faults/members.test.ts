// Functions of the host's members port that never answer: each call ends after `members.timeout`, with nothing written.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onPostgres } from '../races/hostmembers.ts'
import { invariants } from '../races/invariants.ts'
import { invitesOver, type Store, stores } from '../races/stores.ts'
import { ada, count, endOf, invite, type Path, pathTo, system, timed, tokenOf, urlOf } from './room.ts'

let store: Store
let path: Path
beforeAll(async () => {
  store = await stores.postgres()
  path = pathTo(urlOf(store))
})
afterAll(async () => {
  await path.pool.end()
  expect(await invariants(store)).toEqual([])
  await store.drop()
})

const never = () => new Promise<never>(() => {})

test('add, count, find and list that never answer: calls are unavailable after the timeout, and hold nothing', async () => {
  const members = onPostgres(path.pool)
  const stuckIn = (name: 'add' | 'count' | 'find' | 'list') =>
    invitesOver(path.storage as never, {
      limits: { seats: 5 },
      members: { ...members, timeout: '1s', [name]: never } as never,
    })
  const contexts = [system(), system(), system()] as const
  const links = await Promise.all(contexts.map(async context => (await invite(path.hosted, context)).link))
  const accept = (invites: typeof path.hosted, index: number) =>
    invites.accept({ token: tokenOf(links[index] ?? '') }, { actor: ada })
  const [ends, ms] = await timed(() =>
    Promise.all(
      [
        accept(stuckIn('add'), 0),
        accept(stuckIn('count'), 1),
        accept(stuckIn('find'), 2),
        stuckIn('find').create({ recipient: { email: 'bob@example.com' }, role: 'member' }, contexts[2]),
        stuckIn('list').members.list({}, contexts[2]),
        stuckIn('count').summary({}, contexts[2]),
      ].map(endOf),
    ),
  )
  expect(ends).toEqual(Array(6).fill('unavailable'))
  expect(ms).toBeGreaterThan(900)
  expect(ms).toBeLessThan(8_000)
  expect([await count(store, 'host_members'), await count(store, 'invite_invites')]).toEqual([0, 3])
  // No connection and no lock is held: each of the three is accepted now.
  expect(await Promise.all(contexts.map((_, index) => endOf(accept(path.hosted, index))))).toEqual(['ok', 'ok', 'ok'])
  expect(await count(store, 'host_members')).toBe(3)
})
