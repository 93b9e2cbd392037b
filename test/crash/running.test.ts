// Running it: drain, stop, start, delivery before the answer, and what keeps a serverless function alive.
import pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { gate, given, noting, openOn } from './given.ts'

const soon = { timeout: 6_000, interval: 20 }
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

test('drain waits for the sends that are in flight already', async () => {
  const door = gate()
  const { ids, send } = noting(() => door.passed)
  const { invites, invite, deliveries } = await given({ transport: send, relay: { inline: true } })
  await invite()
  await expect.poll(() => ids.length, soon).toBe(1)
  let isDrained = false
  const drained = invites.relay.drain().then(() => {
    isDrained = true
  })
  await pause(50)
  expect(isDrained).toBe(false)
  door.open()
  await drained
  expect(await deliveries()).toMatchObject([{ status: 'sent' }])
})

for (const how of ['inline', 'drain', 'start'] as const) {
  test(`stop finishes what is in flight, and begins nothing more (${how})`, async () => {
    const door = gate()
    const { ids, send } = noting(() => door.passed)
    const relay = { inline: how === 'inline', batch: 4 }
    const { invites, invite, deliveries, errors } = await given({ transport: { send, maxInFlight: 2 }, relay })
    await Promise.all([invite('ada'), invite('bob')])
    const drained = how === 'drain' ? invites.relay.drain() : null
    if (how === 'start') invites.relay.start()
    await expect.poll(() => ids.length, soon).toBe(2)
    let isStopped = false
    const stopped = invites.relay.stop().then(() => {
      isStopped = true
    })
    await pause(50)
    expect(isStopped).toBe(false)
    if (how !== 'inline') await invite('cyd')
    door.open()
    await stopped
    expect((await deliveries()).slice(0, 2)).toMatchObject([{ status: 'sent' }, { status: 'sent' }])
    await drained
    await pause(100)
    expect(ids).toHaveLength(2)
    expect(errors).toEqual([])
  })
}

test('a relay that was stopped can be started again', async () => {
  const { ids, send } = noting()
  const { invites, invite } = await given({ transport: send, relay: { poll: '1s' } })
  invites.relay.start()
  await invites.relay.stop()
  await invite()
  invites.relay.start()
  await expect.poll(() => ids.length, soon).toBe(1)
})

test('whoever looks while it stops does not end it for good: start and drain look again', async () => {
  const door = gate()
  const { ids, send } = noting(() => door.passed)
  const { invites, invite } = await given({ transport: send, relay: { poll: '1s' } })
  invites.relay.start()
  await invite('ada')
  await expect.poll(() => ids.length, soon).toBe(1)
  const stopped = invites.relay.stop()
  invites.relay.start()
  const drained = invites.relay.drain()
  door.open()
  await Promise.all([stopped, drained])
  await invite('bob')
  await invites.relay.drain()
  expect(ids).toHaveLength(2)
})

test('what was sent while its invite was changed tells the invite as it is', async () => {
  const door = gate()
  const { ids, send } = noting(() => door.passed)
  const { invites, invite } = await given({ transport: send, relay: { inline: true } })
  const system = { actor: 'system', organizationId: 'acme' } as const
  const { invite: made } = await invite()
  await expect.poll(() => ids.length, soon).toBe(1)
  await invites.revoke({ id: made.id }, system)
  await pause(150)
  door.open()
  await invites.relay.drain()
  const { data } = await invites.history({ id: made.id }, system)
  expect(data.map(({ type, previousStatus }) => `${type} ${previousStatus}`)).toEqual([
    'invite.created null',
    'invite.revoked pending',
    'invite.sent revoked',
  ])
})

test('stop gives back what this process has committed and not begun', async () => {
  const { ids, send } = noting()
  const transport = { send, perSecond: 1 }
  const { invites, invite, deliveries } = await given({ transport, relay: { inline: true, lease: '30s' } })
  await Promise.all(Array.from({ length: 8 }, (_, n) => invite(`p${n}`)))
  await expect.poll(() => ids.length, soon).toBeGreaterThan(0)
  await invites.relay.stop()
  expect(ids.length).toBeLessThan(4)
  expect((await deliveries()).filter(({ status }) => status === 'queued')).toHaveLength(8 - ids.length)
})

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: start picks up what other processes left, and what falls due later`, async () => {
    const web = await given({ kind, transport: () => Promise.reject(new Error('a web process does not send')) })
    await web.invite('ada')
    const { ids, send } = noting()
    const worker = openOn(web.store, { transport: send, relay: { poll: '1s' } })
    worker.invites.relay.start()
    await expect.poll(() => ids.length, soon).toBe(1)
    await web.invite('bob')
    await expect.poll(() => ids.length, soon).toBe(2)
    await worker.invites.relay.stop()
    expect(await web.deliveries()).toMatchObject([{ status: 'sent' }, { status: 'sent' }])
  })
}

test("with inline: 'await' a call answers when its mail is delivered", async () => {
  const { ids, send } = noting(() => pause(30))
  const { invite, deliveries } = await given({ transport: send, relay: { inline: 'await' } })
  await invite()
  expect(ids).toHaveLength(1)
  expect(await deliveries()).toMatchObject([{ status: 'sent' }])
})

test('with inline: true a call answers at once, and waitUntil is given what settles when its mail is delivered', async () => {
  const door = gate()
  const lent: Promise<unknown>[] = []
  const { send } = noting(() => door.passed)
  const waitUntil = (delivery: Promise<unknown>) => void lent.push(delivery)
  const { invite, deliveries } = await given({ transport: send, relay: { inline: true, waitUntil } })
  await invite()
  expect(lent).toHaveLength(1)
  expect(await deliveries()).toMatchObject([{ status: 'queued' }])
  door.open()
  await Promise.all(lent)
  expect(await deliveries()).toMatchObject([{ status: 'sent' }])
})

test('what joined calls committed is looked for again and again, however close they come', async () => {
  const { ids, send } = noting()
  const { invite, store } = await given({ kind: 'postgres', transport: send, relay: { inline: true } })
  const pool = new pg.Pool({ connectionString: store.place.kind === 'postgres' ? store.place.url : '' })
  onTestFinished(() => pool.end())
  const joined = async (name: string, ms: number) => {
    const client = await pool.connect()
    await client.query('begin')
    await invite(name, client as never)
    await pause(ms)
    await client.query('commit')
    client.release()
  }
  await joined('ada', 0)
  await pause(1_700)
  await joined('bob', 400)
  await expect.poll(() => ids.length, soon).toBe(2)
})

test('a mail whose settlement the database refuses is not called failed', async () => {
  const { ids, send } = noting()
  const { invite, deliveries, invites, store } = await given({ transport: send, relay: { lease: '1s', maxAttempts: 1 } })
  await invite()
  await store.rows(
    `create trigger refuse before update on invite_outbox when new.status = 'sent' begin select raise(abort, 'no'); end`,
  )
  await invites.relay.drain().catch(() => {})
  expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1 }])
  await store.rows('drop trigger refuse')
  await pause(1_100)
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent' }])
  expect(new Set(ids).size).toBe(1)
})
