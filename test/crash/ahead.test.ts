// Leased ahead: transports are kept busy, nobody waits behind what is slow, and what is not begun is nobody's try.
import type { Transport } from 'invitekit'
import { expect, test } from 'vitest'
import { gate, given, noting, openOn } from './given.ts'

const soon = { timeout: 8_000, interval: 10 }
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`)

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: a webhook that hangs holds up no mail, however much waits for it`, async () => {
    const door = gate()
    const { ids, send } = noting()
    const options = { sinks: [{ name: 'hook', publish: () => door.passed }] }
    const { invites } = await given({ kind, transport: send, options, relay: { batch: 10 } })
    for (let part = 0; part < 4; part += 1) {
      const list = names(50).map(name => ({ recipient: { email: `${name}-${part}@example.com` }, role: 'member' }))
      await invites.createMany({ invites: list }, { actor: 'system', organizationId: 'acme' })
    }
    const drained = invites.relay.drain()
    await expect.poll(() => ids.length, soon).toBe(200)
    door.open()
    expect(await drained).toMatchObject({ delivered: 600 })
  })
}

test('a mail that takes long holds up no other, and no batch waits for its last', async () => {
  const door = gate()
  const { ids, send } = noting(nth => (nth === 1 ? door.passed : undefined))
  const { invites, invite } = await given({ transport: { send, maxInFlight: 2 }, relay: { batch: 2 } })
  for (const name of names(12)) await invite(name)
  const drained = invites.relay.drain()
  await expect.poll(() => ids.length, soon).toBe(12)
  door.open()
  expect(await drained).toEqual({ delivered: 12, failed: 0 })
})

test('an invite that is revoked while its mail waits in line is not mailed', async () => {
  const door = gate()
  const { ids, send } = noting(() => door.passed)
  const { invites, invite, deliveries } = await given({ transport: { send, maxInFlight: 1 } })
  await invite('ada')
  const { invite: bob } = await invite('bob')
  const drained = invites.relay.drain()
  await expect.poll(() => ids.length, soon).toBe(1)
  await invites.revoke({ id: bob.id }, { actor: 'system', organizationId: 'acme' })
  await pause(120)
  door.open()
  await drained
  expect(ids).toHaveLength(1)
  expect(await deliveries()).toMatchObject([{ status: 'sent' }, { status: 'suppressed', failure: 'the invite is revoked' }])
})

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: what a relay that stops has not begun is free at once, and was not tried`, async () => {
    const door = gate()
    const { ids, send } = noting(() => door.passed)
    const { store, invites, invite, deliveries } = await given({ kind, transport: { send, maxInFlight: 1 } })
    for (const name of names(6)) await invite(name)
    invites.relay.start()
    await expect.poll(() => ids.length, soon).toBe(1)
    const stopped = invites.relay.stop()
    const attempts = async () => (await deliveries()).map(row => row.attempts)
    await expect.poll(attempts, soon).toEqual([1, 0, 0, 0, 0, 0])
    const other = noting()
    await openOn(store, { transport: other.send }).invites.relay.drain()
    expect(other.ids).toHaveLength(5)
    door.open()
    await stopped
    expect((await deliveries()).map(({ status, attempts }) => [status, attempts])).toEqual(names(6).map(() => ['sent', 1]))
  })
}

test('a pace that is slower than the lease costs no message a try', async () => {
  const { ids, send } = noting()
  const transport: Transport = { send, maxInFlight: 1, perSecond: 2 }
  const { invites, invite, deliveries } = await given({ transport, relay: { lease: '1s', maxAttempts: 1 } })
  for (const name of names(5)) await invite(name)
  expect(await invites.relay.drain()).toEqual({ delivered: 5, failed: 0 })
  expect(new Set(ids).size).toBe(5)
  expect((await deliveries()).map(({ status, attempts }) => [status, attempts])).toEqual(names(5).map(() => ['sent', 1]))
})
