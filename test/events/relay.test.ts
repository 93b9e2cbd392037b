// Webhooks behind the real relay, with a clock that stands still: order, retries, ids, and what is in the payloads.
import { createInvites, type Invite, type InviteEvent } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { createTestInvites } from 'invitekit/testing'
import { webhookSink } from 'invitekit/webhook'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { anotherReceiver, givenInvites, other, secret } from './given.ts'
import { inOrder, status } from './receiver.ts'

const tokenIn = (link: string) => /[\w-]{48}/.exec(link)?.[0] ?? ''

test('a life of an invite arrives in the order of its history, each event verified', async () => {
  const { invites, invite, receiver, actor, errors } = await givenInvites()
  const { link, invite: made } = await invite('ada@example.com')
  const admin = { actor: actor.admin }
  await invites.open({ token: tokenIn(link) })
  await invites.update({ id: made.id, role: 'viewer' }, admin)
  await invites.accept({ token: tokenIn(link) }, { actor: actor.user('ada@example.com', 'ada') })
  const { data: history } = await invites.history({ id: made.id }, admin)
  const events = receiver.events()
  expect(events.map(({ type }) => type)).toEqual(history.map(({ type }) => type))
  expect(events.map(({ type }) => type)).toEqual([
    'invite.created',
    'invite.sent',
    'invite.opened',
    'invite.updated',
    'invite.accepted',
  ])
  const sequences = events.map(({ sequence }) => sequence)
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
  expect(receiver.ids()).toEqual(events.map(({ id }) => id))
  for (const { raw, headers } of receiver.got) new Webhook(secret).verify(raw, headers as Record<string, string>)
  expect(events.at(-1)).toMatchObject({
    timestamp: '2026-01-01T12:00:00.000Z',
    organizationId: 'acme',
    data: { actor: { userId: 'ada' }, previousStatus: 'pending', invite: { id: made.id, status: 'accepted' } },
  })
  expect(errors).toEqual([])
})

test('fifty invites at once arrive in the order of their sequence', async () => {
  const { invites, receiver, actor, later } = await givenInvites(undefined, { events: ['invite.created'] })
  const list = Array.from({ length: 50 }, (_, at) => ({ recipient: { email: `a${at}@example.com` }, role: 'member' as const }))
  await invites.createMany({ invites: list }, { actor: actor.admin })
  await later('1m')
  const sequences = receiver.events().map(({ sequence }) => sequence)
  expect(sequences).toHaveLength(50)
  expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
})

test('of one invite an event waits for the one before it, and of another for none', async () => {
  const ended: string[] = []
  let slowest = () => {}
  const publish = async ({ type, data }: InviteEvent) => {
    const isSlow = type === 'invite.created' && data.invite.externalId === 'slow'
    if (isSlow) await new Promise<void>(resolve => (slowest = resolve))
    ended.push(`${data.invite.externalId} ${type}`)
  }
  const sinks = [{ name: 'queue', publish }]
  const keys = ['22'.repeat(32)]
  const invites = createInvites({ storage: memoryStorage(), keys, publicUrl: 'https://app.example.com/invites', sinks })
  const acme = { actor: 'system', organizationId: 'acme' } as const
  for (const externalId of ['slow', 'quick']) {
    const input = { recipient: { email: `${externalId}@example.com` }, role: 'member', send: false, externalId } as const
    const { invite } = await invites.create(input, acme)
    await invites.revoke({ id: invite.id }, acme)
  }
  const quick = ['quick invite.created', 'quick invite.revoked']
  await expect.poll(() => ended).toEqual(quick)
  slowest()
  await expect.poll(() => ended).toEqual([...quick, 'slow invite.created', 'slow invite.revoked'])
})

test('what fails is tried again by the relay’s clock, under the same id and with the same body', async () => {
  const { invite, receiver, later, errors } = await givenInvites(inOrder(status(500), status(302), status(204)), {
    events: ['invite.created'],
  })
  await invite('ada@example.com')
  expect(receiver.got).toHaveLength(1)
  await later(900)
  expect(receiver.got).toHaveLength(1)
  await later('1h')
  await later('1h')
  await later('1h')
  expect(receiver.got).toHaveLength(3)
  expect(new Set(receiver.ids()).size).toBe(1)
  expect(new Set(receiver.got.map(({ text }) => text)).size).toBe(1)
  expect(errors.map(String)).toEqual([
    'Error: the endpoint failed (500)',
    'Error: the endpoint redirects, which is not followed (302)',
  ])
})

test('an endpoint that always fails is tried ten times, each wait about twice as long as the last, and then given up; the host hears at first and at last', async () => {
  const receiver = await anotherReceiver(status(500))
  const storage = memoryStorage()
  const sinks = [webhookSink({ url: receiver.url, secret, allow: ['127.0.0.1'], events: ['invite.created'] })]
  const reported: string[] = []
  const onError = (error: unknown, { where }: { where: string }) => void reported.push(`${where}: ${error}`)
  const { invites, actor, clock } = await createTestInvites({ storage, sinks, onError })
  await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member', send: false }, { actor: actor.admin })
  const waits: number[] = []
  for (let next = await storage.outbox.next(); next !== null; next = await storage.outbox.next()) {
    const tries = receiver.got.length
    waits.push(next.dueAt.getTime() - clock.now().getTime())
    clock.set(new Date(next.dueAt.getTime() - 1))
    await invites.relay.drain()
    expect(receiver.got).toHaveLength(tries)
    clock.set(next.dueAt)
    await invites.relay.drain()
    expect(receiver.got).toHaveLength(tries + 1)
  }
  expect(receiver.got).toHaveLength(10)
  const longest = [2, 4, 8, 16, 32, 64, 128, 256, 512].map(seconds => seconds * 1000)
  expect(waits).toHaveLength(longest.length)
  waits.forEach((wait, index) => {
    expect(wait).toBeGreaterThanOrEqual((longest[index] ?? 0) / 2)
    expect(wait).toBeLessThanOrEqual(longest[index] ?? 0)
  })
  expect(reported).toEqual([1, 10].map(nth => `webhook, try ${nth}: Error: the endpoint failed (500)`))
})

test('smile: the id is the same over the tries', async () => {
  const { invite, receiver, later } = await givenInvites(inOrder(status(500), status(200)), { format: 'smile' })
  await invite('ada@example.com')
  await later('1h')
  const events = receiver.events()
  expect(events.map(({ type }) => type)).toEqual(['INVITE_INVITED', 'INVITE_INVITED'])
  expect(events[1]?.id).toMatch(/^et-[\da-f]{32}$/)
  expect(events[1]).toEqual(events[0])
})

test('the next try waits as long as Retry-After asks', async () => {
  const { invite, receiver, later } = await givenInvites(inOrder(status(503, { 'retry-after': '7200' }), status(204)), {
    events: ['invite.created'],
  })
  await invite('ada@example.com')
  await later('119m')
  expect(receiver.got).toHaveLength(1)
  await later('61s')
  expect(receiver.got).toHaveLength(2)
})

test('after 410 an event is not tried again, and mail goes on', async () => {
  const { invite, receiver, later, mailbox } = await givenInvites(status(410), { events: ['invite.created'] })
  await invite('ada@example.com')
  await later('1d')
  expect(receiver.got).toHaveLength(1)
  expect(mailbox.messages).toHaveLength(1)
})

test('a receiver that is killed gets what it missed when it is back', async () => {
  const { invite, invites, receiver, later, mailbox } = await givenInvites()
  await invite('ada@example.com')
  await receiver.kill()
  await invite('bob@example.com')
  expect(mailbox.messages).toHaveLength(2)
  expect(await invites.relay.lag()).toBe(0)
  const back = await anotherReceiver(undefined, receiver.port)
  await later('1h')
  const types = [...receiver.events(), ...back.events()].map(({ type }) => type)
  expect(types.sort()).toEqual(['invite.created', 'invite.created', 'invite.sent', 'invite.sent'])
  const ids = [...receiver.ids(), ...back.ids()]
  expect(new Set(ids).size).toBe(4)
})

test('no token, link or code is in any payload, and what a person typed is there as typed', async () => {
  const { invites, invite, receiver, actor } = await givenInvites(undefined, { secret: [secret, other] })
  const fullName = '"><img src=x onerror=alert(1)> \\"}], "role": "owner"'
  const admin = { actor: actor.admin }
  const made = await invite('ada@example.com', { code: true, recipient: { email: 'ada@example.com', fullName } })
  const open = await invites.create({ kind: 'open', role: 'member', code: true }, admin)
  await invites.resend({ id: made.invite.id, rotate: true }, admin)
  const fresh = await invites.link({ id: made.invite.id }, admin)
  await invites.accept({ token: tokenIn(fresh.link) }, { actor: actor.user('ada@example.com') })
  const secrets = [made, open, fresh].flatMap(({ link, code }) => [link, tokenIn(link), code ?? tokenIn(link)])
  const payloads = receiver.got.map(({ text, headers }) => text + JSON.stringify(headers)).join('\n')
  expect(receiver.got.length).toBeGreaterThan(5)
  expect(secrets.filter(each => each.length < 10 || payloads.includes(each))).toEqual([])
  for (const { raw, headers } of receiver.got) {
    const plain = headers as Record<string, string>
    expect(new Webhook(secret).verify(raw, plain)).toEqual(new Webhook(other).verify(raw, plain))
  }
  const invited = receiver.events().find(({ type }) => type === 'invite.accepted')?.data.invite as Invite
  expect(invited).toMatchObject({ role: 'member', recipient: { fullName } })
})
