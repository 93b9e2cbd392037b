// Retries: later each time, within bounds, until the last; then the failure is told, and a person may ask again.
import { expect, test } from 'vitest'
import { given, later, noting } from './given.ts'

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: each retry waits twice as long, up to an hour, with jitter; none comes early`, async () => {
    const { ids, send } = noting(() => Promise.reject(new Error('no')))
    const { invites, invite, deliveries, clock } = await given({ kind, transport: send, relay: { maxAttempts: 20 } })
    await invite()
    for (let attempt = 1; attempt <= 16; attempt += 1) {
      const now = clock.now().getTime()
      await invites.relay.drain()
      const [row] = await deliveries()
      expect(row).toMatchObject({ status: 'queued', attempts: attempt })
      const wait = (row?.dueAt?.getTime() ?? 0) - now
      const ceiling = Math.min(3_600_000, 1000 * 2 ** attempt)
      expect(wait).toBeGreaterThanOrEqual(ceiling / 2)
      expect(wait).toBeLessThanOrEqual(ceiling)
      clock.set(new Date(now + wait - 1))
      expect(await invites.relay.drain()).toEqual({ delivered: 0, failed: 0 })
      clock.advance(1)
    }
    expect(ids).toHaveLength(16)
    expect(new Set(ids).size).toBe(1)
  })
}

test('jitter: messages that failed together do not come back together', async () => {
  const { send } = noting(() => Promise.reject(new Error('no')))
  const { invites, invite, deliveries } = await given({ transport: send })
  await Promise.all(Array.from({ length: 20 }, (_, index) => invite(`p${index}`)))
  await invites.relay.drain()
  const times = (await deliveries()).map(({ dueAt }) => dueAt?.getTime())
  expect(new Set(times).size).toBeGreaterThan(10)
})

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: after the last try the delivery is failed, its event is told, and redeliver sends it again`, async () => {
    let isUp = false
    const { ids, send } = noting(() => (isUp ? undefined : Promise.reject(new Error('no'))))
    const { invites, invite, deliveries, clock, events } = await given({ kind, transport: send, relay: { maxAttempts: 3 } })
    const { invite: made } = await invite()
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await invites.relay.drain()
      clock.advance(later)
    }
    expect(ids).toHaveLength(3)
    const [row] = await deliveries()
    expect(row).toMatchObject({ status: 'failed', attempts: 3, failure: 'the transport failed', dueAt: null })
    expect(events.map(({ type }) => type)).toEqual(['invite.created', 'invite.delivery_failed'])
    expect(events[1]?.data.invite).toMatchObject({ id: made.id, status: 'pending' })
    const context = { actor: 'system', organizationId: 'acme' } as const
    const shown = await invites.get({ id: made.id }, context)
    expect(shown.deliveries).toMatchObject([{ status: 'failed', failure: 'the transport failed' }])

    isUp = true
    expect(await invites.relay.redeliver(row?.id ?? '')).toBe(true)
    expect(await invites.relay.redeliver(row?.id ?? '')).toBe(false)
    await invites.relay.drain()
    expect(await deliveries()).toMatchObject([{ status: 'sent', failure: null }])
    expect(new Set(ids).size).toBe(1)
    expect(events.map(({ type }) => type)).toEqual(['invite.created', 'invite.delivery_failed', 'invite.sent'])
  })
}

test('what is refused for good is not tried again, and the host hears of it', async () => {
  const { ids, send } = noting(() =>
    Promise.reject(Object.assign(new Error('no'), { permanent: true, failure: 'no such user' })),
  )
  const { invites, invite, deliveries, clock, errors } = await given({ transport: send })
  await invite()
  await invites.relay.drain()
  clock.advance(later)
  await invites.relay.drain()
  expect(ids).toHaveLength(1)
  expect(await deliveries()).toMatchObject([{ status: 'failed', attempts: 1, failure: 'no such user' }])
  expect(errors).toEqual(['no such user'])
})

test('a failed delivery of an invite that is revoked by now is not sent again', async () => {
  const { ids, send } = noting(() => Promise.reject(new Error('no')))
  const { invites, invite, deliveries } = await given({ transport: send, relay: { maxAttempts: 1 } })
  const { invite: made } = await invite()
  await invites.relay.drain()
  await invites.revoke({ id: made.id }, { actor: 'system', organizationId: 'acme' })
  expect(await invites.relay.redeliver((await deliveries())[0]?.id ?? '')).toBe(true)
  await invites.relay.drain()
  expect(ids).toHaveLength(1)
  expect(await deliveries()).toMatchObject([{ status: 'suppressed' }])
})
