// The connection is lost while a commit is under way: it is settled, never taken for one or the other.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { invariants } from '../races/invariants.ts'
import { type Store, stores } from '../races/stores.ts'
import { changes, event, member, personal } from '../support/make.ts'
import { type Fault, startProxy, type TcpProxy } from '../support/proxy.ts'
import { ada, count, endOf, invite, type Path, pathTo, system, timed, tokenOf, urlOf } from './room.ts'

let store: Store
let proxy: TcpProxy
let path: Path
beforeAll(async () => {
  store = await stores.postgres()
})
afterAll(() => store.drop())
beforeEach(async () => {
  proxy = await startProxy(urlOf(store))
  path = pathTo(proxy.url)
})
afterEach(async () => {
  await path.pool.end()
  await proxy.close()
  expect(await invariants(store)).toEqual([])
})

/** The statement that is a commit of its own, and the COMMIT of a transaction. */
const statement = /as committed/
const commit = /^Q.{4}commit/s

const faults: readonly (readonly [string, Fault])[] = [
  ['before the server had it', 'before'],
  ['after the server had committed', 'after'],
  ['while it was on its way', { late: 150 }],
]
const inOrganization = (table: string, id: string) => `${table} where organization_id = '${id}'`

describe.each(faults)('a connection lost %s', (_, fault) => {
  test('makes no difference to an invite: it is made, once', async () => {
    const context = system()
    const met = proxy.fault(statement, fault)
    const { invite: made } = await invite(path.invites, context)
    await met
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(await store.rows(`select id, status from ${inOrganization('invite_invites', context.organizationId)}`)).toEqual([
      { id: made.id, status: 'pending' },
    ])
    expect(await count(store, inOrganization('invite_events', context.organizationId))).toBe(1)
    expect(await endOf(invite(path.invites, context))).toBe('already_invited')
  })

  test('makes no difference to an invite that is written without a read', async () => {
    const context = system()
    await invite(path.invites, context, 'first@example.com')
    const met = proxy.fault(statement, fault)
    const { invite: made } = await invite(path.invites, context)
    await met
    await new Promise(resolve => setTimeout(resolve, 200))
    const second = `${inOrganization('invite_invites', context.organizationId)} and email_key = '${ada.email}'`
    expect(await store.rows(`select id, status from ${second}`)).toEqual([{ id: made.id, status: 'pending' }])
    expect(await count(store, inOrganization('invite_events', context.organizationId))).toBe(2)
  })

  test('makes no difference to an acceptance with the host’s own members: one member, one event', async () => {
    const context = system()
    const { link } = await invite(path.hosted, context)
    const met = proxy.fault(commit, fault)
    await path.hosted.accept({ token: tokenOf(link) }, { actor: ada })
    await met
    await new Promise(resolve => setTimeout(resolve, 200))
    expect(await count(store, inOrganization('host_members', context.organizationId))).toBe(1)
    const accepted = `${inOrganization('invite_events', context.organizationId)} and type = 'invite.accepted'`
    expect(await count(store, accepted)).toBe(1)
  })

  test('makes no difference to what is written behind the organization’s lock', async () => {
    const { organizationId } = system()
    const one = personal(organizationId)
    const rows = { made: [one], events: [event(one)] }
    const met = proxy.fault(commit, fault)
    const answer = await path.storage.withLock?.(organizationId, async tx => {
      const [scope] = (await tx.query(`select revision from ${inOrganization('invite_scopes', organizationId)}`)).rows
      return path.storage.commit(changes(organizationId, Number(scope?.revision), rows), { tx })
    })
    await met
    expect(answer).toBe('committed')
    expect(await count(store, inOrganization('invite_invites', organizationId))).toBe(1)
    // This invite was written without the message that announces it.
    await store.rows(`delete from ${inOrganization('invite_events', organizationId)}`)
    await store.rows(`delete from ${inOrganization('invite_invites', organizationId)}`)
  })

  test('makes no difference to a member who is added, or an answer kept under a key: no history tells of them', async () => {
    const { organizationId } = system()
    const rows = { members: [member('ada', { at: new Date() })] }
    const met = proxy.fault(statement, fault)
    expect(await path.storage.commit(changes(organizationId, 0, rows))).toBe('committed')
    await met
    const met2 = proxy.fault(statement, fault)
    const kept = { key: 'k', input: 'i', answer: { ok: true }, at: new Date() }
    expect(await path.storage.commit(changes(organizationId, 1, { idempotency: [kept] }))).toBe('committed')
    await met2
    expect(await count(store, inOrganization('invite_members', organizationId))).toBe(1)
  })
})

test('a commit that somebody overtook while its connection was lost is a conflict, and never lands afterwards', async () => {
  const [{ organizationId }, { organizationId: other }] = [system(), system()]
  const one = personal(organizationId)
  const direct = pathTo(urlOf(store))
  await direct.storage.touch(other)
  const met = proxy.fault(statement, { late: 100 }).then(proxy.silence)
  const overtaken = path.storage.commit(changes(organizationId, 0, { made: [one], events: [event(one)] }))
  await met
  await direct.storage.touch(organizationId)
  await new Promise(resolve => setTimeout(resolve, 200))
  proxy.heal()
  expect(await overtaken).toBe('conflict')
  expect(await count(store, inOrganization('invite_invites', organizationId))).toBe(0)
  expect(await count(store, inOrganization('invite_events', organizationId))).toBe(0)
  await direct.pool.end()
})

test('20 callers whose connections are lost again and again are each answered what is in the tables', async () => {
  const context = system()
  const losing = Array.from({ length: 6 }, (_, index) =>
    proxy.fault(statement, (['before', 'after'] as const)[index % 2] ?? 'after'),
  )
  const ends = await Promise.all(
    Array.from({ length: 20 }, (_, index) => endOf(invite(path.invites, context, `p${index}@example.com`))),
  )
  await Promise.race([Promise.all(losing), new Promise(resolve => setTimeout(resolve, 10))])
  expect(ends.filter(end => end === 'ok')).toHaveLength(10)
  expect(ends.filter(end => end === 'pending_limit_reached')).toHaveLength(10)
  expect(await count(store, inOrganization('invite_invites', context.organizationId))).toBe(10)
})

test('when the database does not come back, the caller hears in time that it must look before it repeats', async () => {
  const context = system()
  const short = pathTo(proxy.url, { lockTimeout: 500, acquireTimeout: 300 })
  await invite(short.invites, context)
  const met = proxy.fault(statement, 'after').then(proxy.silence)
  const calls = [1, 2, 3, 4].map(index => invite(short.invites, context, `p${index}@example.com`))
  const [ends, ms] = await timed(() => Promise.allSettled(calls))
  await met
  // All of them went as one statement, which had landed.
  const unknown = { code: 'unavailable', message: expect.stringContaining('look before you repeat') }
  for (const end of ends) expect(end).toMatchObject({ reason: unknown })
  expect(ms).toBeLessThan(5_000)
  proxy.heal()
  expect(await endOf(invite(short.invites, context, 'p5@example.com'))).toBe('ok')
  expect(await count(store, inOrganization('invite_invites', context.organizationId))).toBe(6)
  await short.pool.end()
})
