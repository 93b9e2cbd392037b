// A process whose clock is wrong: on Postgres its relay goes by the database's, as the decisions do.
import { afterEach, expect, test, vi } from 'vitest'
import { given, noting } from './given.ts'

afterEach(() => void vi.useRealTimers())

const hour = 3_600_000

for (const [how, by] of [
  ['ahead', 2 * hour],
  ['behind', -2 * hour],
] as const) {
  test(`a relay two hours ${how} sends what is not expired, and tries again when it is time`, async () => {
    const { ids, send } = noting(nth => (nth === 1 ? Promise.reject(new Error('no')) : undefined))
    const options = { clock: undefined, expiresIn: '1h' } as const
    const { invites, invite, deliveries } = await given({ kind: 'postgres', transport: { send, maxInFlight: 1 }, options })
    await invite('ada')
    const { invite: made } = await invite('bob')
    const real = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: real + by })
    await invites.relay.drain()
    expect(ids).toHaveLength(2)
    const [failed, sent] = await deliveries()
    expect([failed, sent]).toMatchObject([{ status: 'queued', attempts: 1 }, { status: 'sent' }])
    const wait = (failed?.dueAt?.getTime() ?? 0) - real
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThan(60_000)
    const { data } = await invites.history({ id: made.id }, { actor: 'system', organizationId: 'acme' })
    expect(data.map(({ type }) => type)).toEqual(['invite.created', 'invite.sent'])
    expect(Math.abs((data[1]?.at.getTime() ?? 0) - real)).toBeLessThan(60_000)
  })
}
