// How many at once and how many in a second, per transport: a slow one holds up no other.
import type { Transport } from 'invitekit'
import { expect, test, vi } from 'vitest'
import { createLimiter } from '../../src/relay/limiter.ts'
import { gate, given } from './given.ts'

const names = Array.from({ length: 24 }, (_, index) => `p${index}`)
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

test('no more than maxInFlight sends are under way at once, inline and in the relay', async () => {
  let [running, most] = [0, 0]
  const send: Transport['send'] = async () => {
    running += 1
    most = Math.max(most, running)
    await pause(5)
    running -= 1
    return {}
  }
  const { invites, invite, deliveries } = await given({ transport: { send, maxInFlight: 3 }, relay: { inline: true } })
  await Promise.all(names.map(name => invite(name)))
  await invites.relay.drain()
  expect(most).toBe(3)
  expect((await deliveries()).map(({ status }) => status)).toEqual(names.map(() => 'sent'))
})

test('no more than perSecond sends begin in a second', async () => {
  const starts: number[] = []
  const send: Transport['send'] = async () => {
    starts.push(performance.now())
    return {}
  }
  const { invites, invite } = await given({ transport: { send, perSecond: 40 } })
  await Promise.all(names.map(name => invite(name)))
  await invites.relay.drain()
  expect(starts).toHaveLength(24)
  // A start that came late makes the next one seem early; over several it cannot.
  expect((starts.at(-1) ?? 0) - (starts[0] ?? 0)).toBeGreaterThan((23 * 1000) / 40 - 50)
})

test('a limiter whose queue was cleared leaves no timer behind, however slow its pace is', async () => {
  vi.useFakeTimers()
  const limiter = createLimiter(
    { perSecond: 0.1 },
    { seriesOf: () => null, latest: () => performance.now() + 60_000, slotFreed: () => {} },
  )
  expect(await limiter.run('ada', async () => 'ada')).toBe('ada')
  const grace = limiter.run('grace', async () => 'grace')
  limiter.clearQueue()
  expect(await grace).toBeNull()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

test('a transport that is refused at once keeps its pace, and frees its place', async () => {
  let [running, most] = [0, 0]
  const send: Transport['send'] = async () => {
    running += 1
    most = Math.max(most, running)
    await pause(1)
    running -= 1
    throw Object.assign(new Error('no'), { permanent: true, failure: 'no' })
  }
  const { invites, invite, deliveries } = await given({ transport: { send, maxInFlight: 2 } })
  await Promise.all(names.map(name => invite(name)))
  await invites.relay.drain()
  expect(most).toBe(2)
  expect((await deliveries()).every(({ status }) => status === 'failed')).toBe(true)
})

test('one slow transport or sink holds up no mail', async () => {
  const slow = gate()
  const mailed: string[] = []
  const email: Transport = { send: async ({ to }) => void mailed.push(to) as undefined }
  const sms: Transport = { send: () => slow.passed.then(() => ({})), maxInFlight: 1 }
  const sinks = [{ name: 'webhook', publish: () => slow.passed }]
  const { invites } = await given({ transport: email, options: { transports: { email, sms }, sinks }, relay: { inline: true } })
  for (const name of names.slice(0, 8)) {
    const phone = `+1202555${String(1000 + names.indexOf(name))}`
    const recipient = { email: `${name}@example.com`, phone }
    await invites.create({ recipient, role: 'member' }, { actor: 'system', organizationId: 'acme' })
  }
  await expect.poll(() => mailed.length, { timeout: 5_000 }).toBe(8)
  slow.open()
  await invites.relay.drain()
})
