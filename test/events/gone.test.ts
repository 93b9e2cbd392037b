// A receiver that is gone: its sink is switched off for every process, until the host switches it on again.
import type { Sink } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { createTestInvites } from 'invitekit/testing'
import { webhookSink } from 'invitekit/webhook'
import { expect, test } from 'vitest'
import { anotherReceiver, givenInvites, secret } from './given.ts'
import { inOrder, status } from './receiver.ts'

const off = 'the endpoint is gone (410)'

test('410 switches the sink off: nothing is posted any more, mail and history go on, onError is called once', async () => {
  const { invites, invite, receiver, later, mailbox, errors, actor, clock } = await givenInvites(status(410))
  const { invite: made } = await invite('ada@example.com')
  const posted = receiver.got.length
  await invite('bob@example.com')
  await later('1d')
  expect(posted).toBeGreaterThan(0)
  expect(receiver.got).toHaveLength(posted)
  expect(mailbox.messages).toHaveLength(2)
  const { data: history } = await invites.history({ id: made.id }, { actor: actor.admin })
  expect(history.map(({ type }) => type)).toEqual(['invite.created', 'invite.sent'])
  expect(errors.map(String)).toEqual([`Error: ${off}: its events are dropped until you call invites.relay.enable("webhook")`])
  const { disabledSinks } = await invites.summary({}, { actor: actor.admin })
  const disabledAt = new Date(clock.now().getTime() - 86_400_000)
  expect(disabledSinks).toEqual([{ name: 'webhook', disabledAt, reason: off }])
  expect(await invites.relay.lag()).toBe(0)
})

test('switched on again it gets what happens from then on, and goes off again at the next 410', async () => {
  const answers = inOrder(status(410), status(204), status(410), status(204))
  const { invites, invite, receiver, errors, actor } = await givenInvites(answers, { events: ['invite.created'] })
  const posted = () => receiver.events().map(({ data }) => data.invite.recipient?.email)
  await invite('ada@example.com')
  await invite('bob@example.com')
  expect(await invites.relay.enable('webhook')).toBe(true)
  expect((await invites.summary({}, { actor: actor.admin })).disabledSinks).toEqual([])
  await invite('carol@example.com')
  await invite('dan@example.com')
  await invite('eve@example.com')
  expect(posted()).toEqual(['ada@example.com', 'carol@example.com', 'dan@example.com'])
  expect(errors).toHaveLength(2)
  expect(await invites.relay.enable('webhook')).toBe(true)
  expect(await invites.relay.enable('webhook')).toBe(false)
  expect(await invites.relay.enable('nobody')).toBe(false)
  await expect(invites.relay.enable(7 as never)).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(invites.relay.enable('')).rejects.toMatchObject({ facts: { errors: [{ path: 'name' }] } })
})

test('many events in flight at once are one call of onError', async () => {
  const { invites, receiver, errors, actor } = await givenInvites(status(410), { events: ['invite.created'] })
  const list = Array.from({ length: 20 }, (_, at) => ({ recipient: { email: `a${at}@example.com` }, role: 'member' as const }))
  await invites.createMany({ invites: list }, { actor: actor.admin })
  expect(errors).toHaveLength(1)
  expect(receiver.got.length).toBeLessThanOrEqual(20)
})

test('a process that never heard the 410 posts nothing either, and drops what waited for its next try', async () => {
  const [gone, slow] = [await anotherReceiver(status(410)), await anotherReceiver(status(503))]
  const storage = memoryStorage()
  const over = async (url: string) =>
    createTestInvites({ storage, sinks: [webhookSink({ url, secret, allow: ['127.0.0.1'] })], onError: () => {} })
  const [one, two] = [await over(gone.url), await over(slow.url)]
  const invite = (kit: typeof one, email: string) =>
    kit.invites.create({ recipient: { email }, role: 'member', send: false }, { actor: kit.actor.admin })
  await invite(two, 'ada@example.com')
  expect(slow.got).toHaveLength(1)
  await invite(one, 'bob@example.com')
  await invite(two, 'carol@example.com')
  two.clock.advance('1d')
  expect(await two.invites.relay.drain()).toEqual({ delivered: 0, failed: 0 })
  expect([gone.got.length, slow.got.length]).toEqual([1, 1])
  expect(await storage.outbox.next()).toBeNull()
})

test('the error of any sink switches it off by `gone: true`; the other sinks go on', async () => {
  const [heard, errors]: [string[], unknown[]] = [[], []]
  const sink = (name: string, fault: object | null): Sink => ({
    name,
    async publish({ type }) {
      heard.push(`${name} ${type}`)
      if (fault) throw Object.assign(new Error('the queue was deleted, it held ada@example.com'), fault)
    },
  })
  const sinks = [sink('queue', { gone: true }), sink('other', null), sink('strict', { permanent: true })]
  const storage = memoryStorage()
  const { invites, actor, clock } = await createTestInvites({ storage, sinks, onError: error => void errors.push(error) })
  const invite = (email: string) =>
    invites.create({ recipient: { email }, role: 'member', send: false }, { actor: actor.admin })
  await invite('ada@example.com')
  expect(await storage.outbox.next()).toBeNull()
  clock.advance('1d')
  await invites.relay.drain()
  await invite('bob@example.com')
  const created = (name: string) => heard.filter(each => each === `${name} invite.created`).length
  expect([created('queue'), created('other'), created('strict')]).toEqual([1, 2, 2])
  const { disabledSinks } = await invites.summary({}, { actor: actor.admin })
  expect(disabledSinks).toMatchObject([{ name: 'queue', reason: 'the receiver is gone' }])
  expect(errors).toHaveLength(3)
})
