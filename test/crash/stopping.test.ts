// A relay that is told to stop while something hangs: it waits a few seconds, ends what is under way, and loses nothing.
import type { OutgoingMessage, Transport } from 'invitekit'
import { createInvites } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { given } from './given.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const never = () => new Promise<never>(() => {})

/** A transport that hangs for the first time; `heeds`: until its signal says that it is over. */
function hanging({ heeds }: { heeds: boolean }) {
  const sent: OutgoingMessage[] = []
  const send: Transport['send'] = message => {
    sent.push(message)
    if (sent.length > 1) return Promise.resolve({})
    return new Promise((_, reject) => {
      if (heeds) message.signal.addEventListener('abort', () => reject(message.signal.reason))
    })
  }
  return { sent, send }
}

/** Runs until nothing more happens without a timer. */
const settled = () => vi.advanceTimersByTimeAsync(0)

/** Whether it has ended so many milliseconds from now, and not one before. */
async function ends(work: Promise<unknown>, ms: number) {
  let isOver = false
  void work.finally(() => {
    isOver = true
  })
  await vi.advanceTimersByTimeAsync(ms - 1)
  const before = isOver
  await vi.advanceTimersByTimeAsync(1)
  await vi.waitFor(() => expect(isOver).toBe(true), { timeout: 2000 })
  return !before
}

test('a try that heeds its signal ends after five seconds; it is uncounted, and free at once', async () => {
  const { sent, send } = hanging({ heeds: true })
  const { invites, invite, deliveries, errors } = await given({ transport: send })
  await invite()
  void invites.relay.drain()
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  expect(await ends(invites.relay.stop(), 5000)).toBe(true)
  expect(sent[0]?.signal.aborted).toBe(true)
  expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 0, failure: null }])
  expect(errors).toEqual([])
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent', attempts: 1 }])
  expect(sent[1]?.id).toBe(sent[0]?.id)
})

test('a transport that ignores its signal is waited for no longer, and the message is sent when its lease is over', async () => {
  const { sent, send } = hanging({ heeds: false })
  const { invites, invite, deliveries, store, errors } = await given({ transport: send })
  await invite()
  void invites.relay.drain()
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  expect(await ends(invites.relay.stop(), 6000)).toBe(true)
  expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1, failure: null }])
  expect(errors).toEqual([])
  await invites.relay.drain()
  expect(sent).toHaveLength(1)
  // The lease is over: nobody moves the database's own clock.
  await store.rows('update invite_outbox set leased_until = 1 where leased_until is not null')
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent', attempts: 1 }])
})

test('what the server refuses for good while the relay stops stays refused', async () => {
  const refusal = Object.assign(new Error('no'), { permanent: true, failure: 'no such user' })
  let begun = false
  const send: Transport['send'] = ({ signal }) => {
    begun = true
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(refusal)))
  }
  const { invites, invite, deliveries } = await given({ transport: send })
  await invite()
  void invites.relay.drain()
  await vi.waitFor(() => expect(begun).toBe(true))
  expect(await ends(invites.relay.stop(), 5000)).toBe(true)
  expect(await deliveries()).toMatchObject([{ status: 'failed', failure: 'no such user' }])
})

test('a listener that never settles is told of, and waited for no longer', async () => {
  const { invites, invite, errors } = await given({ transport: async () => ({}) })
  let heard = 0
  invites.on('invite.created', () => {
    heard += 1
    return never()
  })
  await invite()
  void invites.relay.drain()
  await vi.waitFor(() => expect(heard).toBe(1))
  expect(await ends(invites.close(), 6000)).toBe(true)
  expect(errors).toEqual(['gave no answer before the relay stopped'])
})

test('a transport and a sink that cannot be closed hold up nothing, and are told of', async () => {
  const closed: string[] = []
  const told: string[] = []
  const storage = { ...memoryStorage(), close: async () => void closed.push('storage') }
  const email: Transport = { send: async () => ({}), close: never }
  const broken = () => {
    throw new Error('still busy')
  }
  const invites = createInvites({
    storage,
    keys: ['00'.repeat(32)],
    publicUrl: 'https://app.example.com',
    transports: { email },
    sinks: [{ name: 'audit', publish: async () => {}, close: broken }],
    onError: (error, { where }) => void told.push(`${where}: ${(error as Error).message}`),
  })
  const closing = invites.close()
  await settled()
  expect(told).toEqual(['closing audit: still busy'])
  expect(await ends(closing, 5000)).toBe(true)
  expect(told.slice(1)).toEqual(['closing email: `close` did not end in 5 s'])
  expect(closed).toEqual(['storage'])
})
