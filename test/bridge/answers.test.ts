// What comes back: statuses, cookies beside the host's own, HEAD, long streams to slow readers, errors in the host's own hands.
import { describe, expect, test } from 'vitest'
import type { Handle } from '../../adapters/http/handler/exchange.ts'
import { toOutgoing, withoutBody } from '../../adapters/http/handler/response.ts'
import { answering, endless } from './handles.ts'
import { hosts } from './hosts.ts'
import { call, dial, serving, soon, until } from './serving.ts'

describe.each(Object.keys(hosts))('%s', name => {
  test('several cookies arrive, and the host keeps its own', async () => {
    const headers = new Headers([
      ['set-cookie', 'a=1; Path=/; HttpOnly'],
      ['set-cookie', 'b=2; Expires=Wed, 21 Oct 2065 07:28:00 GMT'],
      ['vary', 'Accept'],
    ])
    const { url } = await serving(name, { handle: answering(() => new Response('x', { headers })) })
    const { message } = await call(url)
    const cookies = message.headers['set-cookie'] ?? []
    expect(cookies.map(one => one.split('=')[0]).sort()).toEqual(['a', 'b', 'host'])
    expect(cookies.find(one => one.startsWith('b'))).toContain('Wed, 21 Oct 2065')
    expect(message.headers.vary?.split(', ').sort()).toEqual(['Accept', 'Origin'])
  })

  test.each([
    [200, 'text', 'text/html; charset=utf-8'],
    [201, null, null],
    [201, '{}', 'application/json'],
    [204, null, null],
    [303, null, null],
    [304, null, null],
    [410, 'gone', 'text/html'],
    [422, '{}', 'application/problem+json'],
    [503, '', null],
  ] as const)('%i with the body %j', async (status, body, type) => {
    const headers = { ...(type ? { 'content-type': type } : {}), ...(status === 303 ? { location: '/there?a=1' } : {}) }
    const { url } = await serving(name, { handle: answering(() => new Response(body, { status, headers })) })
    const { message, text } = await soon(call(url))
    expect(message.statusCode).toBe(status)
    expect(text).toBe(body ?? '')
    if (type) expect(message.headers['content-type']).toBe(type)
    expect(message.headers.location).toBe(status === 303 ? '/there?a=1' : undefined)
  })

  test('an answer of ours is written at once, with its length', async () => {
    const { url } = await serving(name, { handle: async () => toOutgoing({ status: 200, body: { name: 'Ädä' } }) })
    const { message, text } = await soon(call(url))
    expect([message.headers['content-length'], text]).toEqual(['16', '{"name":"Ädä"}'])
    expect(message.headers['cache-control']).toBe('no-store')
  })

  test('HEAD tells no length that GET would not have', async () => {
    const { url } = await serving(name, {
      handle: async ({ method }) => {
        const outgoing = toOutgoing({ status: 201, body: { a: 1 } })
        return method === 'HEAD' ? withoutBody(outgoing) : outgoing
      },
    })
    const get = await soon(call(url))
    const head = await soon(call(url, { method: 'HEAD' }))
    expect([head.message.statusCode, head.text, head.message.headers['content-type']]).toEqual([201, '', 'application/json'])
    expect([undefined, get.message.headers['content-length']]).toContain(head.message.headers['content-length'])
  })

  test('HEAD has the headers of GET and no body', async () => {
    const handle: Handle = async request => {
      expect(request.method).toBe('HEAD')
      const headers = { 'content-length': '4', 'x-one': '1', 'content-type': 'text/html' }
      return toOutgoing(new Response('body', { status: 410, headers }))
    }
    const { url } = await serving(name, { handle })
    const { message, text } = await soon(call(url, { method: 'HEAD' }))
    expect([message.statusCode, message.headers['x-one'], message.headers['content-length'], text]).toEqual([410, '1', '4', ''])
  })

  test('headers that came twice are both seen, whatever their case', async () => {
    const seen: (string | null)[] = []
    const handle: Handle = async ({ headers }) => {
      seen.push(headers.get('x-two'), headers.get('cookie'), headers.get('accept'))
      return toOutgoing({ status: 200 })
    }
    const { url } = await serving(name, { handle })
    await call(url, { headers: { 'X-Two': ['a', 'b'], Cookie: ['c=1', 'd=2'], accept: 'text/html' } })
    expect(seen).toEqual(['a, b', 'c=1; d=2', 'text/html'])
  })

  test('a long answer arrives whole', async () => {
    let left = 160
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(65_536).fill(left))
        else controller.close()
      },
    })
    const { url } = await serving(name, { handle: answering(() => new Response(body)) })
    expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(160 * 65_536)
  })

  test('a slow reader slows the writer, and its leaving ends it', async () => {
    const { handle, seen } = endless()
    const { port } = await serving(name, { handle })
    const socket = dial(port)
    socket.write('GET /invites/x HTTP/1.1\r\nHost: a\r\n\r\n')
    await new Promise<void>(resolve => socket.once('data', () => resolve(void socket.pause())))
    await new Promise(resolve => setTimeout(resolve, 300))
    const before = seen.taken
    await new Promise(resolve => setTimeout(resolve, 300))
    expect(seen.taken).toBe(before)
    expect(before).toBeLessThan(64 * 1024 * 1024)
    socket.resume()
    await soon(until(() => seen.taken > before))
    socket.destroy()
    await soon(until(() => seen.cancelled))
  })

  test('who leaves while nothing comes ends the stream as well', async () => {
    let cancelled = false
    const body = () =>
      new ReadableStream({
        start: controller => controller.enqueue(new TextEncoder().encode('first')),
        cancel() {
          cancelled = true
        },
      })
    const { port } = await serving(name, { handle: answering(() => new Response(body())) })
    const socket = dial(port)
    socket.write('GET /invites/x HTTP/1.1\r\nHost: a\r\n\r\n')
    await soon(new Promise(resolve => socket.once('data', resolve)))
    socket.destroy()
    await soon(until(() => cancelled))
  })

  test('an unexpected error goes to the host’s own handler, with nothing of it to the client', async () => {
    const cause = Object.assign(new Error('secret'), { code: 'ENOENT', status: 404, expose: true, headers: { 'x-leak': '1' } })
    const { url, caught } = await serving(name, { handle: () => Promise.reject(cause) })
    const { message, text } = await soon(call(url))
    expect(message.statusCode).toBe(500)
    expect(text).not.toContain('secret')
    expect(message.headers['x-leak']).toBeUndefined()
    expect(caught).toMatchObject([{ status: 500, expose: false, cause }])
  })

  test('an error of the host’s own actor stays what it is', async () => {
    const handle: Handle = async (_, { actor }) => toOutgoing(new Response(String(await actor())))
    const { url, caught } = await serving(name, { handle })
    const { message } = await soon(call(url, { headers: { 'x-fail': '1' } }))
    expect(message.statusCode).toBe(418)
    expect(caught).toMatchObject([{ message: 'the host says no' }])
  })
})

// @hono/node-server reads ahead and answers the error's text by itself.
test.each(Object.keys(hosts).filter(name => name !== 'hono'))('%s: a stream that breaks is a broken transfer', async name => {
  let sent = false
  const body = () =>
    new ReadableStream({
      pull(controller) {
        if (sent) throw new Error('secret')
        sent = true
        controller.enqueue(new TextEncoder().encode('first'))
      },
    })
  const { url } = await serving(name, { handle: answering(() => new Response(body())) })
  await expect(soon(fetch(url).then(response => response.text()))).rejects.toThrow()
})
