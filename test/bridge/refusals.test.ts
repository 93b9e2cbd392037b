// What a client can do to a socket: targets and hosts that lie, bodies that do not end, leaving in the middle. Each answer within a second.
import { describe, expect, test } from 'vitest'
import type { Handle } from '../../adapters/http/handler/exchange.ts'
import { toOutgoing } from '../../adapters/http/handler/response.ts'
import { createHandle } from '../../adapters/http/index.ts'
import { createTestInvites } from '../../adapters/testing/index.ts'
import { answering, echo, limited } from './handles.ts'
import { hosts } from './hosts.ts'
import { dial, firstLine, serving, soon, until } from './serving.ts'

const get = (target: string, ...headers: readonly string[]) => `GET ${target} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`

describe.each(Object.keys(hosts))('%s', name => {
  test.each([
    '',
    'evil/path',
    'user@evil',
    'a b',
    'evil, good',
    'evil\\x',
    '[::1',
    '[zz]',
    'a:b',
    'a:99999',
    '<x>',
    'a?b',
    'a#b',
  ])('the malformed host %j is refused', async host => {
    const { port } = await serving(name, { handle: echo })
    expect(await soon(firstLine(port, get('/invites/x', `Host: ${host}`)))).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('two hosts are refused', async () => {
    const { port } = await serving(name, { handle: echo })
    // @hono/node-server takes the first; nothing of ours reads it.
    const status = name === 'hono' ? 200 : 400
    expect(await soon(firstLine(port, get('/invites/x', 'Host: a', 'Host: b')))).toContain(` ${status} `)
  })

  test.each(['a', 'a.example:3000', '[::1]:80', '127.0.0.1', 'a_b.internal'])('the host %j is fine', async host => {
    const { port } = await serving(name, { handle: echo })
    expect(await soon(firstLine(port, get('/invites/x', `Host: ${host}`)))).toContain(' 200 ')
  })

  test('an absolute target is refused', async () => {
    const { port } = await serving(name, { handle: echo })
    for (const target of ['http://evil/invites/x', 'HTTP://evil/invites/x', 'ftp://evil/invites/x']) {
      const line = await soon(firstLine(port, get(target, 'Host: a')))
      // @hono/node-server resolves it before anybody is asked; the host in it goes nowhere.
      expect(line).toMatch(name === 'hono' ? /^HTTP\/1\.1 (200|400|404) / : /^HTTP\/1\.1 400 /)
    }
  })

  test('paths that look like hosts stay paths', async () => {
    const seen: string[] = []
    const handle: Handle = async (_, { path }) => {
      seen.push(path)
      return toOutgoing({ status: 200 })
    }
    const { port } = await serving(name, { handle, mount: 'root' })
    for (const target of ['//evil/i/x', '///evil', '/\\evil', '/@evil/', '/http://evil/']) {
      await soon(firstLine(port, get(target, 'Host: a')))
    }
    expect(seen).toContain('//evil/i/x')
    const below = await serving(name, { handle, mount: 'prefix' })
    expect(await soon(firstLine(below.port, get('/invites//evil/x', 'Host: a')))).toContain(' 200 ')
    expect(seen.at(-1)).toMatch(/^\/{1,2}evil\/x$/) // Express 4 takes one slash away
  })

  test('methods that fetch does not know are somebody else’s', async () => {
    const { port } = await serving(name, { handle: echo })
    for (const line of ['TRACE /invites/x', 'OPTIONS *']) {
      expect(await soon(firstLine(port, `${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`))).toMatch(/ [24]\d\d /)
    }
  })

  test('an endless body is refused while it comes', async () => {
    const { port, caught } = await serving(name, { handle: limited })
    const socket = dial(port)
    socket.write('POST /invites/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
    const block = `4000\r\n${'x'.repeat(0x4000)}\r\n`
    const sending = setInterval(() => socket.write(block), 1)
    const answer = new Promise<string>(resolve => socket.once('data', data => resolve(String(data))))
    expect(await soon(answer)).toContain(' 413 ')
    // Nobody listens to it for ever: what goes on sending is cut off.
    await until(() => socket.destroyed || socket.readableEnded)
    clearInterval(sending)
    expect(caught).toEqual([])
  })

  test('a refusal does not wait for a slow body', async () => {
    const { port } = await serving(name, { handle: answering(() => new Response(null, { status: 401 })) })
    expect(await soon(firstLine(port, 'POST /invites/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc'))).toContain(
      ' 401 ',
    )
  })

  test.each(['Content-Length: 100', 'Transfer-Encoding: chunked'])('a body that stays away is 408, with %s', async header => {
    const { port, caught } = await serving(name, { handle: limited })
    expect(await soon(firstLine(port, `POST /invites/x HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n3\r\nabc\r\n`))).toContain(
      ' 408 ',
    )
    expect(caught).toEqual([])
  })

  test('a slow body arrives whole', async () => {
    const { port } = await serving(name, { handle: limited })
    const socket = dial(port)
    socket.write('POST /invites/x HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\n')
    for (const piece of ['ab', 'cd', 'ef']) {
      await new Promise(resolve => setTimeout(resolve, 50))
      socket.write(piece)
    }
    const answer = await soon(new Promise<string>(resolve => socket.once('data', data => resolve(String(data)))))
    expect(answer).toContain(' 200 ')
  })

  test.each(['none', 'json', 'all'] as const)('JSON nested too deep is the same 422, parser: %s', async parser => {
    const { invites } = await createTestInvites()
    const { url, caught } = await serving(name, { handle: createHandle(invites, { actor: () => null }), parser })
    const headers = { 'content-type': 'application/json' }
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const body = `{"metadata":${open.repeat(8_000)}1${close.repeat(8_000)}}`
      const response = await soon(fetch(url, { method: 'POST', body, headers }))
      const problem = { code: 'invalid_input', errors: [{ detail: 'is nested too deeply' }] }
      expect([response.status, await response.json()]).toMatchObject([422, problem])
    }
    expect(caught).toEqual([])
  })

  test('who leaves in the middle of a body aborts the request', async () => {
    const seen: { aborted?: boolean; error?: unknown } = {}
    const handle: Handle = async request => {
      request.signal.addEventListener('abort', () => {
        seen.aborted = true
      })
      return new Promise((_, reject) => {
        const fail = (error: unknown) => {
          seen.error = error
          reject(error)
        }
        request.body?.flow({ data() {}, end() {}, fail })
      })
    }
    const { port } = await serving(name, { handle })
    const socket = dial(port)
    socket.write('POST /invites/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc')
    await new Promise(resolve => setTimeout(resolve, 50))
    socket.destroy()
    await soon(until(() => seen.error !== undefined && seen.aborted === true))
    if (name !== 'hono') expect(seen.error).toMatchObject({ status: 400, expose: false })
  })

  test('who has left when the body is read is missed at once', async () => {
    const seen: { error?: unknown } = {}
    const handle: Handle = async request => {
      await new Promise(resolve => request.signal.addEventListener('abort', resolve))
      await new Promise(resolve => setTimeout(resolve, 20))
      return new Promise((_, reject) => {
        const fail = (error: unknown) => {
          seen.error = error
          reject(error)
        }
        request.body?.flow({ data() {}, end() {}, fail })
      })
    }
    const { port } = await serving(name, { handle })
    const socket = dial(port)
    socket.write('POST /invites/x HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc')
    await new Promise(resolve => setTimeout(resolve, 50))
    socket.destroy()
    await soon(until(() => seen.error !== undefined))
  })

  test('who leaves before the answer aborts the request', async () => {
    let signal: AbortSignal | undefined
    const handle: Handle = request => {
      signal = request.signal
      return new Promise(resolve => request.signal.addEventListener('abort', () => resolve(toOutgoing(new Response('late')))))
    }
    const { port, caught } = await serving(name, { handle })
    const socket = dial(port)
    socket.write(get('/invites/x', 'Host: a'))
    await soon(until(() => signal !== undefined))
    expect(signal?.aborted).toBe(false)
    socket.destroy()
    await soon(until(() => signal?.aborted === true))
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(caught).toEqual([])
  })

  test('a body that somebody has read fails at once and says what to change', async () => {
    const { url, caught } = await serving(name, { handle: echo, parser: 'consumed' })
    for (const type of [
      'application/json',
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await soon(
        fetch(`${url}/x`, { method: 'POST', body: '{"role":"member"}   ', headers: { 'content-type': type } }),
      )
      expect(response.status).toBe(500)
      expect(await response.text()).toContain("the request's body was read before it came here")
      expect(caught.at(-1)).toMatchObject({ status: 500, expose: false })
    }
    // Who needs no body misses none.
    expect((await fetch(`${url}/x`, { method: 'POST' })).status).toBe(200)
    expect((await fetch(`${url}/else`, { method: 'POST', body: 'x' })).status).toBe(404)
  })
})
