// What the tests of webhooks start from: a receiver on loopback, a sink that posts to it, and one event.
import type { Duration, InviteEvent } from 'invitekit'
import { createTestInvites } from 'invitekit/testing'
import { type WebhookOptions, webhookSink } from 'invitekit/webhook'
import { afterEach, expect } from 'vitest'
import { toInvite } from '../../src/views/invite.ts'
import { at, byEmail, noon, personal } from '../support/make.ts'
import { type Answering, startReceiver } from './receiver.ts'

export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
export const other = `whsec_${Buffer.alloc(32, 9).toString('base64')}`

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

export async function given(answering?: Answering, options: Partial<WebhookOptions> = {}) {
  const receiver = await startReceiver(answering)
  const sink = webhookSink({ url: receiver.url, secret, allow: ['127.0.0.1'], ...options })
  ends.push(receiver.kill, sink.close)
  return { receiver, sink, publish: (event = anEvent(), signal = calm()) => sink.publish(event, { signal }) }
}

/** The same, behind invites with a clock that stands still. */
export async function givenInvites(answering?: Answering, options: Partial<WebhookOptions> = {}) {
  const { receiver, sink } = await given(answering, options)
  const errors: unknown[] = []
  const kit = await createTestInvites({ sinks: [sink], onError: error => void errors.push(error) })
  ends.push(() => kit.invites.close())
  const invite = (email: string, terms: object = {}) =>
    kit.invites.create({ recipient: { email }, role: 'member', ...terms }, { actor: kit.actor.admin })
  const later = (by: Duration) => {
    kit.clock.advance(by)
    return kit.invites.relay.drain()
  }
  return { ...kit, receiver, errors, invite, later }
}

/** A receiver that ends with the test, such as one that takes another's place. */
export async function anotherReceiver(answering?: Answering, port?: number) {
  const receiver = await startReceiver(answering, port)
  ends.push(receiver.kill)
  return receiver
}

export const calm = (): AbortSignal => new AbortController().signal

export function anEvent(fields: Partial<InviteEvent> = {}): InviteEvent {
  const invite = toInvite(personal('acme', { recipient: byEmail() }), noon)
  return {
    id: '0192f1aa-0000-7000-8000-000000000001',
    type: 'invite.created',
    timestamp: at(0),
    organizationId: 'acme',
    sequence: 1,
    data: { invite, actor: { userId: 'ann' }, previousStatus: null },
    ...fields,
  }
}

export interface Refused extends Error {
  readonly permanent: boolean
  readonly failure: string
  readonly status: number | null
  readonly retryAfter?: number
  readonly gone?: true
}

/** What a publish was refused with. Whatever the endpoint wrote is not in it. */
export async function refusal(publishing: Promise<unknown>): Promise<Refused> {
  const error = await publishing.then(
    () => null,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(Error)
  const { message, cause } = error as Error
  expect(JSON.stringify({ ...(error as object), message, cause })).not.toContain('eyes')
  return error as Refused
}
