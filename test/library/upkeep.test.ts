// Around the invites: numbers for a members page, sweeping, migrating, closing.
import { createInvites } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { describe, expect, test } from 'vitest'
import { onEveryStorage, picture, tokenIn } from './given.ts'

onEveryStorage(given => {
  test('the summary counts by state and by day, and says what one may grant and how much is left', async () => {
    const { invites, invite, user, admin, owner, member, system, clock } = await given({ limits: { pending: 9, seats: 7 } })
    const [a, b, c] = [await invite('a'), await invite('b'), await invite('c', { expiresIn: '1d' })]
    await invites.open({ token: tokenIn(a.link) })
    clock.advance('1d')
    await invites.accept({ token: tokenIn(a.link) }, user('a'))
    await invites.decline({ token: tokenIn(b.link) })
    await invite('d', { send: false })
    const summary = await invites.summary({}, admin)
    expect(summary).toMatchObject({
      pending: { used: 1, limit: 9 },
      seats: { used: 1, limit: 7 },
      grants: ['member', 'viewer'],
      statuses: { pending: 1, accepted: 1, declined: 1, expired: 1, revoked: 0 },
      problems: 0,
    })
    expect(summary.days).toHaveLength(30)
    expect(summary.days.slice(-2)).toEqual([
      { day: '2026-01-01', sent: 3, opened: 1, accepted: 0 },
      { day: '2026-01-02', sent: 0, opened: 0, accepted: 1 },
    ])
    expect((await invites.summary({}, owner)).grants).toEqual(['admin', 'member', 'viewer'])
    expect((await invites.summary({}, system)).grants).toEqual(['owner', 'admin', 'member', 'viewer'])
    await expect(invites.summary({}, member)).rejects.toMatchObject({ code: 'forbidden' })
    expect(c.invite.status).toBe('pending')
  })

  test('a mail that was given up shows as a problem, in the history and with its delivery', async () => {
    const send = async () => {
      throw Object.assign(new Error('no such mailbox'), { permanent: true })
    }
    const { invites, invite, admin, history } = await given({ transports: { email: { send } } })
    const { invite: made } = await invite('ada')
    expect((await invites.summary({}, admin)).problems).toBe(1)
    expect((await invites.get({ id: made.id }, admin)).deliveries).toMatchObject([{ status: 'failed' }])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.delivery_failed'])
  })

  test('sweep writes down what has expired, in batches, once; reads never needed it', async () => {
    const world = await given()
    const { invites, invite, clock, history, all } = world
    const made = []
    for (const name of ['a', 'b', 'c', 'd', 'e']) made.push(await invite(name, { send: false, expiresIn: '1h' }))
    await invite('f', { send: false })
    clock.advance('1h')
    expect((await all()).filter(({ status }) => status === 'expired')).toHaveLength(5)
    expect((await invites.sweep({ batch: 2 })).expired).toBeGreaterThanOrEqual(5)
    for (const { invite: each } of made) expect(await history(each.id)).toEqual(['invite.created', 'invite.expired'])
    const before = await picture(world)
    expect(await invites.sweep()).toEqual({ expired: 0, reminded: 0 })
    expect(await picture(world)).toEqual(before)
  })

  test('migrating again, several at once, changes nothing', async () => {
    const world = await given()
    await world.invite('ada')
    const before = await picture(world)
    await Promise.all([world.invites.migrate(), world.invites.migrate(), world.invites.migrate()])
    expect(await picture(world)).toEqual(before)
  })
})

describe('closing', () => {
  test('waits for what is under way, closes transports and storage, and may come twice', async () => {
    const closed: string[] = []
    const sent: string[] = []
    const storage = { ...memoryStorage(), close: async () => void closed.push('storage') }
    const email = {
      async send({ to }: { to: string }) {
        await new Promise(resolve => setTimeout(resolve, 30))
        sent.push(to)
        return {}
      },
      close: async () => void closed.push(`transport after ${sent.length}`),
    }
    const options = { storage, keys: ['00'.repeat(32)], publicUrl: 'https://app.example.com', transports: { email } }
    const invites = createInvites(options)
    invites.relay.start()
    const context = { actor: 'system', organizationId: 'acme' } as const
    await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, context)
    await invites.close()
    expect(closed).toEqual(['transport after 1', 'storage'])
    await invites.close()
  })

  test('closes the storage also when a transport cannot be closed, and tells the host of it', async () => {
    const closed: string[] = []
    const storage = { ...memoryStorage(), close: async () => void closed.push('storage') }
    const email = {
      send: async () => ({}),
      close() {
        throw new Error('still busy')
      },
    }
    const told: string[] = []
    const onError = (error: unknown, { where }: { where: string }) => void told.push(`${where}: ${error}`)
    const options = { storage, keys: ['00'.repeat(32)], publicUrl: 'https://app.example.com', transports: { email }, onError }
    await createInvites(options as never).close()
    expect(told).toEqual(['closing email: Error: still busy'])
    expect(closed).toEqual(['storage'])
  })
})
