// Hearing of events: after commit, in order, and nobody is hurt by a listener that throws.
import type { InviteEvent, Sink } from 'invitekit'
import { expect, test } from 'vitest'
import { onEveryStorage, tokenIn, type World } from './given.ts'

async function aLife(world: World): Promise<string> {
  const { invite, invites, admin, user } = world
  const { invite: made, link } = await invite('ada')
  await invites.open({ token: tokenIn(link) }, user('ada'))
  await invites.update({ id: made.id, role: 'viewer' }, admin)
  await invites.resend({ id: made.id }, admin)
  await invites.accept({ token: tokenIn(link) }, user('ada'))
  await invites.erase({ id: made.id }, admin)
  return made.id
}

const life = [
  'invite.created',
  'invite.sent',
  'invite.opened',
  'invite.updated',
  'invite.resent',
  'invite.sent',
  'invite.accepted',
  'invite.erased',
] as const

onEveryStorage(given => {
  test('on hears each type that it asked for, on("*") all, in the order of the history, until it is ended', async () => {
    const world = await given()
    const { invites, history, org, invite } = world
    const all: InviteEvent[] = []
    const accepted: InviteEvent[] = []
    const stopAll = invites.on('*', async event => void all.push(event))
    const stop = invites.on('invite.accepted', event => void accepted.push(event))
    const id = await aLife(world)
    expect(all.map(({ type }) => type)).toEqual(life)
    expect(await history(id)).toEqual(life)
    const sequences = all.map(({ sequence }) => sequence)
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
    expect(new Set(all.map(event => event.id)).size).toBe(life.length)
    expect(accepted).toHaveLength(1)
    expect(accepted[0]).toMatchObject({
      type: 'invite.accepted',
      organizationId: org,
      timestamp: world.clock.now(),
      data: { actor: { userId: 'ada' }, previousStatus: 'pending', invite: { id, status: 'accepted', acceptedBy: 'ada' } },
    })
    expect(accepted[0]?.data.invite.createdAt).toBeInstanceOf(Date)
    stopAll()
    stop()
    stop()
    await invite('bob')
    expect(all).toHaveLength(life.length)
  })

  test('a listener that throws hurts neither the call nor the other listeners, and is reported', async () => {
    const world = await given()
    const { invites, errors, invite, mailTo } = world
    const heard: string[] = []
    const stops = [
      invites.on('invite.created', () => {
        throw new Error('at once')
      }),
      invites.on('invite.created', () => Promise.reject(new Error('later'))),
      invites.on('invite.created', ({ type }) => void heard.push(type)),
    ]
    expect((await invite('ada')).outcome).toBe('created')
    expect(heard).toEqual(['invite.created'])
    expect(mailTo('ada')).toHaveLength(1)
    expect(errors.map(({ error, where }) => [(error as Error).message, where]).sort()).toEqual([
      ['at once', 'a listener of invite.created'],
      ['later', 'a listener of invite.created'],
    ])
    for (const stop of stops) stop()
  })

  test('what a listener changes in its event no other sees, nor a sink', async () => {
    const seen: string[] = []
    const sink: Sink = { name: 'log', publish: async ({ data }) => void seen.push(`${data.invite.role} for the sink`) }
    const { invites, invite } = await given({ sinks: [sink] })
    for (const type of ['invite.created', '*', 'invite.created'] as const) {
      invites.on(type, event => {
        if (event.type !== 'invite.created') return
        seen.push(event.data.invite.role)
        Object.assign(event.data.invite, { role: 'changed' })
      })
    }
    await invite('ada', { send: false })
    expect(seen.sort()).toEqual(['member', 'member', 'member', 'member for the sink'])
  })

  test('a listener may call the library, and end itself', async () => {
    const { invites, invite, admin, all, mailTo } = await given()
    const stop = invites.on('invite.created', async ({ data }) => {
      stop()
      await invites.revoke({ id: data.invite.id }, admin)
    })
    await invite('ada', { send: false })
    await invite('bob')
    expect((await all()).map(({ status }) => status)).toEqual(['pending', 'revoked'])
    expect(mailTo('bob')).toHaveLength(1)
  })

  test('each sink gets each event; one that fails is tried again without disturbing the other', async () => {
    const got: Record<string, string[]> = { good: [], bad: [] }
    let failures = 2
    const sink = (name: string): Sink => ({
      name,
      async publish({ type, id }) {
        if (name === 'bad' && failures-- > 0) throw new Error('down')
        got[name]?.push(`${type} ${id}`)
      },
    })
    const { invite, invites, clock } = await given({ sinks: [sink('good'), sink('bad')] })
    await invite('ada', { send: false })
    expect(got['good']).toHaveLength(1)
    for (let tries = 0; tries < 3; tries += 1) {
      clock.advance('1h')
      await invites.relay.drain()
    }
    expect(got['bad']).toEqual(got['good'])
  })

  test('a mail that cannot be sent is tried again, with the same id, and shows in the list until it is', async () => {
    let down = true
    const ids: string[] = []
    const send = async ({ id }: { id: string }) => {
      ids.push(id)
      if (down) throw new Error('connection refused')
      return {}
    }
    const { invite, invites, admin, clock, history } = await given({ transports: { email: { send } } })
    const { invite: made } = await invite('ada')
    expect((await invites.get({ id: made.id }, admin)).deliveries).toMatchObject([{ status: 'queued' }])
    clock.advance('1h')
    down = false
    await invites.relay.drain()
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    expect((await invites.get({ id: made.id }, admin)).deliveries).toMatchObject([{ status: 'sent', failure: null }])
    expect(await history(made.id)).toEqual(['invite.created', 'invite.sent'])
  })
})
