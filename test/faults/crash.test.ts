// The server itself is killed: in the middle of commits, and for good.
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { invariants } from '../races/invariants.ts'
import { type Store, stores } from '../races/stores.ts'
import { type Postgres, startPostgres } from '../support/postgres.ts'
import { endOf, invite, pathTo, system, timed, tokenOf, urlOf } from './room.ts'

let server: Postgres
let store: Store
beforeAll(async () => {
  server = await startPostgres({ own: true })
  store = await stores.postgres(server.url)
}, 60_000)
afterAll(() => server.stop())

test('a server that is killed in mid-commit and comes back has all that its callers were told, and nothing twice', async () => {
  const { pool, hosted } = pathTo(urlOf(store), { lockTimeout: 15_000, acquireTimeout: 15_000, max: 8 })
  const told: string[] = []
  let over = false
  const person = async (context: ReturnType<typeof system>, email: string) => {
    const { link } = await invite(hosted, context, email)
    told.push(`invite ${email}`)
    await hosted.accept({ token: tokenOf(link) }, { actor: { userId: email, email, emailVerified: true } })
    told.push(`member ${email}`)
  }
  const busy = [...Array(6)].map(system).map(async context => {
    for (let index = 0; !over; index += 1) {
      // The rest is what the host's own queries, in its members functions, met.
      const end = await endOf(person(context, `p${index}@${context.organizationId}.example`))
      expect(end).toMatch(
        /^(ok|unavailable)$|^error: (terminating|the database system)|^Error: (read|connect|Connection|Client)/,
      )
    }
  })
  // Postgres restarts all its backends when one of them is killed like this: what a crash of the server is.
  await sleep(300)
  await killBackend(store)
  await recovered(store)
  await sleep(300)
  over = true
  await Promise.all(busy)
  await pool.end()
  const stored = await store.rows(`select 'invite ' || email as what from invite_invites
    union all select 'member ' || user_id from host_members`)
  const there = stored.map(row => String(row['what']))
  expect(told.filter(what => !there.includes(what))).toEqual([])
  expect(new Set(there).size).toBe(there.length)
  expect(told.length).toBeGreaterThan(20)
  expect(await invariants(store)).toEqual([])
}, 90_000)

test('a server that is gone for good is unavailable, at once', async () => {
  const { pool, invites } = pathTo(urlOf(store), { lockTimeout: 1_000, acquireTimeout: 1_000 })
  const context = system()
  await invite(invites, context)
  await store.drop()
  await server.stop()
  const [ends, ms] = await timed(() =>
    Promise.all([...Array(20).keys()].map(index => endOf(invite(invites, context, `p${index}@example.com`)))),
  )
  expect(new Set(ends)).toEqual(new Set(['unavailable']))
  expect(ms).toBeLessThan(5_000)
  await pool.end()
}, 30_000)

async function killBackend({ rows }: Store): Promise<void> {
  const [row] =
    await rows(`select pid from pg_stat_activity where state = 'active' and pid <> pg_backend_pid() and backend_type = 'client backend'
    union all select pg_backend_pid() limit 1`)
  process.kill(Number(row?.['pid']), 'SIGKILL')
}

async function recovered({ rows }: Store): Promise<void> {
  for (;;) {
    await sleep(50)
    const answer = await rows('select 1 as one').catch(() => [])
    if (answer.length > 0) return
  }
}
