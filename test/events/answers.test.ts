// Every way in which an endpoint can answer or fail to, and the error that the relay gets.
import type { ServerResponse } from 'node:http'
import { createServer as createTcp } from 'node:net'
import { expect, test, vi } from 'vitest'
import { toStatusError } from '../../adapters/events/webhook/failure.ts'
import { anEvent, anotherReceiver, calm, given, refusal } from './given.ts'
import { inOrder, status } from './receiver.ts'

test.each([200, 201, 202, 204, 299])('%d takes the event', async code => {
  const { publish } = await given(status(code))
  await expect(publish()).resolves.toBeUndefined()
})

test.each([
  [300, 'the endpoint redirects, which is not followed (300)'],
  [304, 'the endpoint redirects, which is not followed (304)'],
  [400, 'the endpoint refuses the event (400)'],
  [404, 'the endpoint refuses the event (404)'],
  [429, 'the endpoint asks for fewer events (429)'],
  [500, 'the endpoint failed (500)'],
  [503, 'the endpoint failed (503)'],
])('%d is tried again, in our words: %s', async (code, failure) => {
  const { publish } = await given(status(code, { 'x-secret': 'eyes' }))
  expect(await refusal(publish())).toMatchObject({ permanent: false, status: code, failure, message: failure })
})

test('410 says that the endpoint is gone, and is not tried again', async () => {
  const { publish } = await given(status(410))
  const failure = 'the endpoint is gone (410)'
  expect(await refusal(publish())).toMatchObject({ permanent: true, gone: true, status: 410, failure })
})

test.each([301, 302, 303, 307, 308])('a redirect (%d) is followed nowhere', async code => {
  const elsewhere = await anotherReceiver()
  const { publish } = await given(status(code, { location: elsewhere.url }))
  expect(await refusal(publish())).toMatchObject({ permanent: false, status: code })
  expect(elsewhere.connections()).toBe(0)
})

test('Retry-After, seconds or a date, becomes milliseconds: at most a day, and nothing for nonsense', () => {
  const now = Date.parse('2026-01-01T12:00:00Z')
  const wait = (header: string | undefined) => toStatusError(503, header, now).retryAfter
  expect(wait('120')).toBe(120_000)
  expect(wait(' 1 ')).toBe(1000)
  expect(wait('999999999999999999999')).toBe(86_400_000)
  expect(wait('Thu, 01 Jan 2026 12:01:00 GMT')).toBe(60_000)
  expect(wait('Thu, 08 Jan 2026 12:00:00 GMT')).toBe(86_400_000)
  for (const nonsense of [undefined, '', '0', '-5', '1.5', '1e3', 'soon', 'GMT', 'Thu, 01 Jan 2026 11:00:00 GMT', '2026-01-02'])
    expect(wait(nonsense)).toBeUndefined()
})

test('Retry-After comes with the error that the answer became', async () => {
  const { publish } = await given(status(429, { 'retry-after': '120' }))
  expect((await refusal(publish())).retryAfter).toBe(120_000)
})

test('an answer without end is cut off, and its status counts', async () => {
  let written = 0
  const endless = (code: number) => (response: ServerResponse) => {
    response.writeHead(code)
    const chunk = Buffer.alloc(16_384, 'x')
    const more = () => {
      let hasRoom = !response.destroyed
      while (hasRoom) {
        hasRoom = response.write(chunk)
        written += chunk.length
      }
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  }
  const { publish, receiver } = await given(inOrder(endless(200), endless(500)))
  await publish()
  expect(await refusal(publish())).toMatchObject({ status: 500 })
  await vi.waitFor(() => expect(receiver.open()).toBe(0))
  // What the systems' buffers hold besides; in a second it would be far more.
  expect(written).toBeLessThan(32_000_000)
})

test('an answer whose body never comes is cut off after a second, and its status counts', async () => {
  const { publish, receiver } = await given(response => void response.writeHead(200).write('…'))
  const start = performance.now()
  await publish()
  expect(performance.now() - start).toBeLessThan(5000)
  await vi.waitFor(() => expect(receiver.open()).toBe(0))
})

test('an endpoint that gives no answer is given up after 15 seconds, and its connection ended', async () => {
  const { publish, receiver } = await given(() => {})
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    let isOver = false
    const end = refusal(publish()).finally(() => {
      isOver = true
    })
    while (receiver.got.length === 0) await new Promise(resolve => setImmediate(resolve))
    await vi.advanceTimersByTimeAsync(14_999)
    expect(isOver).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    const failure = 'the endpoint gave no answer in time'
    expect(await end).toMatchObject({ permanent: false, status: null, failure })
  } finally {
    vi.useRealTimers()
  }
  await vi.waitFor(() => expect(receiver.open()).toBe(0))
})

test('the signal ends a try under way, and one that has not begun', async () => {
  const { publish, receiver } = await given(() => {})
  const failure = 'the endpoint gave no answer in time'
  const begin = performance.now()
  expect(await refusal(publish(anEvent(), AbortSignal.timeout(100)))).toMatchObject({ permanent: false, failure })
  expect(performance.now() - begin).toBeLessThan(5000)
  await vi.waitFor(() => expect(receiver.open()).toBe(0))
  const asked = receiver.got.length
  expect(await refusal(publish(anEvent(), AbortSignal.abort('stopping')))).toMatchObject({ permanent: false, failure })
  const [, second] = [publish().catch(() => {}), publish(anEvent(), AbortSignal.timeout(20))]
  const start = performance.now()
  expect(await refusal(second)).toMatchObject({ failure })
  expect(performance.now() - start).toBeLessThan(200)
  expect(receiver.got.length - asked).toBeLessThan(2)
})

test('a connection that is reset, refused or answered in another protocol fails with a sentence of the library', async () => {
  const { publish } = await given((_, __, request) => void request.socket.resetAndDestroy())
  expect(await refusal(publish())).toMatchObject({ permanent: false, failure: 'the endpoint broke the connection off' })

  const gone = await given()
  await gone.receiver.kill()
  expect(await refusal(gone.publish())).toMatchObject({ permanent: false, failure: 'the endpoint could not be reached' })

  const foreign = createTcp(socket => void socket.on('error', () => {}).end('220 eyes ESMTP\r\n'))
  await new Promise<void>(resolve => foreign.listen(0, '127.0.0.1', resolve))
  const { port } = foreign.address() as { port: number }
  const { sink } = await given(undefined, { url: `http://127.0.0.1:${port}` })
  expect(await refusal(sink.publish(anEvent(), { signal: calm() }))).toMatchObject({
    failure: 'the endpoint answered with something that is no HTTP',
  })
  foreign.close()
})

test('an endpoint that wants another protocol settles like any other failure', async () => {
  const { publish } = await given((_, __, request) => {
    request.socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: eyes\r\n\r\n')
  })
  expect(await refusal(publish())).toMatchObject({ permanent: false })
})

test('one connection serves many events, close ends it, and who still sends opens another', async () => {
  const { publish, receiver, sink } = await given(status(200))
  for (let sent = 0; sent < 5; sent += 1) await publish()
  expect(receiver.connections()).toBe(1)
  await sink.close()
  await vi.waitFor(() => expect(receiver.open()).toBe(0))
  await publish()
  expect(receiver.connections()).toBe(2)
})

test('an endpoint that restarted between two events gets the second at once', async () => {
  const { publish, receiver } = await given()
  await publish()
  await receiver.kill()
  const again = await anotherReceiver(undefined, receiver.port)
  await publish()
  expect(again.got).toHaveLength(1)
})

test('a kept connection that ends while we write is replaced: no failure, the same id', async () => {
  const resets = inOrder(status(204), (_, __, request) => void request.socket.resetAndDestroy(), status(204))
  const { publish, receiver } = await given(resets)
  await publish()
  await publish()
  expect(receiver.got).toHaveLength(3)
  expect(receiver.connections()).toBe(2)
  expect(new Set(receiver.ids()).size).toBe(1)
})

test('events that come together arrive in their order, and a slow answer holds up the next by no more than a moment', async () => {
  const { publish, receiver } = await given(
    response => void setTimeout(() => response.writeHead(204).end(), Math.random() * 20),
  )
  const many = Array.from({ length: 30 }, (_, sequence) => publish(anEvent({ sequence })))
  await Promise.all(many)
  expect(receiver.events().map(({ sequence }) => sequence)).toEqual(many.map((_, at) => at))

  const slow = await given(inOrder(() => {}, status(204)))
  const [first, second] = [slow.publish(anEvent(), AbortSignal.timeout(1000)), slow.publish()]
  await second
  expect(await refusal(first)).toMatchObject({ failure: 'the endpoint gave no answer in time' })
})
