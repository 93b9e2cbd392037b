// What goes over the wire: bodies, ids and signatures, checked by the public verifier and by hand.
import { createHmac } from 'node:crypto'
import type { InviteEvent } from 'invitekit'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { anEvent, given, other, secret } from './given.ts'
import type { Got } from './receiver.ts'

const verify = (key: string, { raw, headers }: Got) => new Webhook(key).verify(raw, headers as Record<string, string>)
const id32 = (uuid: string) => uuid.replaceAll('-', '')

test('an event is one signed POST that the standardwebhooks library accepts', async () => {
  const { receiver, publish } = await given()
  const event = anEvent()
  await publish(event)
  const [got] = receiver.got
  expect(receiver.got).toHaveLength(1)
  expect(got).toMatchObject({
    method: 'POST',
    path: '/hooks?for=acme',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'invitekit',
      'webhook-id': event.id,
      'content-length': String(got?.raw.length),
    },
  })
  expect(Math.abs(Number(got?.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(5)
  expect(verify(secret, got!)).toEqual(JSON.parse(JSON.stringify(event)))
})

test('the body is the envelope and nothing besides, its fields in a fixed order', async () => {
  const { receiver, publish } = await given()
  const event = { ...anEvent(), link: 'https://app.example.com/i/x' } as InviteEvent
  await publish(event)
  const [body] = receiver.events()
  expect(Object.keys(body ?? {})).toEqual(['id', 'type', 'timestamp', 'organizationId', 'sequence', 'data'])
  expect(Object.keys(body?.data ?? {})).toEqual(['invite', 'actor', 'previousStatus'])
  expect(body).toMatchObject({ timestamp: '2024-05-06T12:00:00.123Z', sequence: 1, data: { actor: { userId: 'ann' } } })
})

test('what was changed on the way is refused: body, id, time, secret', async () => {
  const { receiver, publish } = await given()
  await publish()
  const got = receiver.got[0]!
  const with_ = (headers: object) => ({ ...got, headers: { ...got.headers, ...headers } })
  expect(() => verify(secret, { ...got, raw: Buffer.from(got.text.replace('acme', 'evil')) })).toThrow()
  expect(() => verify(secret, with_({ 'webhook-id': 'another' }))).toThrow()
  expect(() => verify(secret, with_({ 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1) }))).toThrow()
  expect(() => verify(other, got)).toThrow()
})

test('while a secret is rotated both sign, and a receiver with either accepts', async () => {
  const { receiver, publish } = await given(undefined, { secret: [secret, other] })
  await publish()
  const got = receiver.got[0]!
  expect(String(got.headers['webhook-signature'])).toMatch(/^v1,[\w+/]{43}= v1,[\w+/]{43}=$/)
  expect(verify(secret, got)).toEqual(verify(other, got))
})

test('bytes are the same secret as their whsec_ text', async () => {
  const { receiver, publish } = await given(undefined, { secret: Buffer.alloc(32, 7) })
  await publish()
  expect(() => verify(secret, receiver.got[0]!)).not.toThrow()
})

test('names that a person typed are text: quotes, line breaks, emoji, half a character', async () => {
  const { receiver, publish } = await given()
  const event = anEvent()
  const fullName = '"}],\r\nX-Evil: 1\u0000\u2028</script>\u202e😀\ud800'
  const invite = { ...event.data.invite, recipient: { ...event.data.invite.recipient!, fullName } }
  await publish(anEvent({ data: { ...event.data, invite: invite as never } }))
  const got = receiver.got[0]!
  expect(got.headers['x-evil']).toBeUndefined()
  expect(verify(secret, got)).toMatchObject({ data: { invite: { recipient: { fullName } } } })
})

test('only the listed events are sent; the others are taken without a request', async () => {
  const { receiver, publish } = await given(undefined, { events: ['invite.accepted', 'invite.revoked'] })
  for (const type of ['invite.created', 'invite.accepted', 'invite.opened', 'invite.revoked'] as const)
    await publish(anEvent({ type }))
  expect(receiver.events().map(({ type }) => type)).toEqual(['invite.accepted', 'invite.revoked'])
  expect(receiver.connections()).toBe(1)
})

test('smile: the documented event for a sent and for an accepted invite, signed by HMAC-SHA-512 of the raw body', async () => {
  const key = 'a text that is taken as it stands'
  const { receiver, publish } = await given(undefined, { format: 'smile', secret: key })
  const { invite } = anEvent().data
  const data = { userId: `acme-${id32(invite.inviteeId)}`, inviteId: `iv-${id32(invite.id)}` }
  const eventData = { invite, actor: null, previousStatus: null }
  await publish(anEvent({ type: 'invite.created', data: eventData }))
  await publish(anEvent({ type: 'invite.sent', data: eventData }))
  await publish(anEvent({ type: 'invite.accepted', data: eventData }))
  const createdAt = '2024-05-06T12:00:00Z'
  const accepted = 'et-0192f1aa000070008000000000000001'
  expect(receiver.events()).toEqual([
    { id: `et-${id32(invite.id)}`, version: 1, type: 'INVITE_INVITED', createdAt, data },
    { id: accepted, version: 1, type: 'INVITE_LINKED', createdAt, data },
  ])
  expect(JSON.stringify(data)).toMatch(/^\{"userId":"acme-[\da-f]{32}","inviteId":"iv-[\da-f]{32}"\}$/)
  for (const { headers, raw } of receiver.got) {
    expect(headers['smile-signature']).toBe(createHmac('sha512', key).update(raw).digest('hex'))
    expect(headers['webhook-id']).toBeUndefined()
  }
})

test('smile: a resend is heard under the id that the first send had, and a tenant of one’s own begins the user ids', async () => {
  const { receiver, publish } = await given(undefined, { format: 'smile', tenant: 'shop' })
  const { data } = anEvent()
  await publish(anEvent({ type: 'invite.sent', data }))
  await publish(anEvent({ id: '0192f1aa-0000-7000-8000-000000000002', type: 'invite.sent', data }))
  const [first, second] = receiver.events()
  expect(second).toEqual(first)
  expect(first?.data).toMatchObject({ userId: `shop-${id32(data.invite.inviteeId)}` })
})
