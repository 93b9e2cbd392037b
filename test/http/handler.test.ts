// The fetch handler keeps the HTTP contract; and what is its own: options, prefix, parts, unexpected errors.
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { createHandle, createHandler } from '../../adapters/http/index.ts'
import { createTestInvites } from '../../adapters/testing/index.ts'
import { given, type Serve, soon, until } from './contract/given.ts'
import { httpContract } from './contract/index.ts'

const serve: Serve = async (invites, { actor, clientAddress, ...options }) =>
  createHandler(invites, {
    actor: request => actor(name => request.headers.get(name)),
    clientAddress: request => clientAddress(name => request.headers.get(name)),
    ...options,
  })

httpContract('createHandler', serve)

describe('createHandler', () => {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects to be there
  const json = async (answer: Promise<Response>): Promise<any> => (await answer).json()
  const at = (path: string, init?: RequestInit) => new Request(`https://app.example.com${path}`, init)

  test('management without an actor refuses to start', async () => {
    const { invites } = await createTestInvites()
    for (const options of [{}, { parts: ['management'] }, { parts: ['public', 'management'] }] as const) {
      expect(() => createHandler(invites, options)).toThrow(/^invitekit: `actor` is missing/)
      expect(() => createHandle(invites, options)).toThrow(TypeError)
    }
    expect(createHandler(invites, { parts: ['public'] })).toBeTypeOf('function')
  })

  test.each<[string, unknown, RegExp]>([
    ['no options', undefined, /`actor` is missing: a function from the request to the signed-in user/],
    ['a function for options', () => null, /the options of a mount are an object, such as \{ actor/],
    ['an actor that is none', { actor: 'ada' }, /`actor` must be a function from the request/],
    ['no parts', { parts: [] }, /`parts` takes a list of 'management' and 'public'/],
    ['a part for a list', { parts: 'public' }, /`parts` takes a list/],
    ['an unknown part', { parts: ['public', 'private'] }, /`parts` takes a list/],
    ['an unknown option', { bodyLimit: 1 }, /no option `bodyLimit`; the options are actor, parts, publicLimits, bodyTimeout/],
    [
      'limits that are a number',
      { publicLimits: 60 },
      /`publicLimits` must be an object with any of perClient, answersPerInvite/,
    ],
    ['an unknown limit', { publicLimits: { perclient: 3 } }, /no public limit `perclient`; the limits are perClient, /],
    ['a negative limit', { publicLimits: { perClient: -1 } }, /`publicLimits.perClient` must be a number from 0; `Infinity`/],
    ['a text for a limit', { publicLimits: { codesPerClient: '3' } }, /`publicLimits.codesPerClient` must be a number/],
    ['a text for a time', { bodyTimeout: '10s' }, /`bodyTimeout` must be milliseconds, such as 10_000/],
    ['no time', { bodyTimeout: 0 }, /`bodyTimeout` must be milliseconds/],
    ['time without end', { bodyTimeout: Number.POSITIVE_INFINITY }, /`bodyTimeout` must be milliseconds/],
    ['an address for a function', { clientAddress: '10.0.0.1' }, /`clientAddress` must be a function from the request/],
    ['a prefix that is none', { prefix: /invites/ }, /`prefix` must be a path such as '\/invites'/],
  ])('%s', async (_, options, sentence) => {
    const { invites } = await createTestInvites()
    const whole = typeof options === 'object' ? { actor: () => null, ...options } : options
    expect(() => createHandler(invites, whole as never)).toThrow(sentence)
    expect(() => createHandler(invites, whole as never)).toThrow(/^invitekit: /)
  })

  test('each half leaves the paths of the other alone', async () => {
    const { invites, actor } = await createTestInvites()
    const manage = createHandler(invites, { actor: () => actor.admin, parts: ['management'] })
    const open = createHandler(invites, { parts: ['public'] })
    const status = async (handler: typeof open, path: string) => (await handler(at(`/invites${path}`))).status
    expect([await status(manage, ''), await status(manage, '/mine'), await status(manage, '/i/x')]).toEqual([200, 404, 404])
    expect([await status(open, ''), await status(open, '/mine'), await status(open, '/i/x')]).toEqual([404, 401, 404])
    expect((await (await open(at('/invites/i/x'))).text()).startsWith('<!doctype html>')).toBe(true)
    expect([await status(manage, '/health'), await status(open, '/openapi.json')]).toEqual([200, 200])
    const { paths } = await json(open(at('/invites/openapi.json')))
    expect(Object.keys(paths)).not.toContain('/')
  })

  test('the prefix is the path of publicUrl unless given, and actor sees its parameters', async () => {
    const { invites, actor } = await createTestInvites({ publicUrl: 'https://app.example.com/a/invites/' })
    const handler = createHandler(invites, { actor: () => actor.admin })
    const paths = ['/a/invites', '/a/invites/', '/a/invites?limit=1', '/a/invitesx', '/a', '//a/invites', '/b/a/invites']
    const answers = await Promise.all(paths.map(path => handler(at(path))))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 404, 404, 404])
    expect(await answers[3]?.json()).toMatchObject({ code: 'not_found', status: 404 })
    const nested = createHandler(invites, {
      prefix: '/orgs/:org/invites',
      actor: (_, { org }) => ({ ...actor.admin, organizationId: org }),
    })
    const made = nested(
      at('/orgs/zebra/invites', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ recipient: { email: 'ada@example.com' }, role: 'member' }),
      }),
    )
    expect((await json(made)).invite.organizationId).toBe('zebra')
  })

  test('an unexpected error goes to onError, and the answer tells nothing of it', async () => {
    const errors: [unknown, string][] = []
    const { call } = await given(serve, {
      onError: (error, { where }) => errors.push([error, where]),
      invites: real => ({
        ...real,
        summary: async () => {
          throw new Error('password=hunter2')
        },
      }),
    })
    const { status, body, text } = await call('GET', '/summary')
    expect([status, body.code]).toEqual([500, 'internal'])
    expect(Object.keys(body).sort()).toEqual(['code', 'requestId', 'status', 'title'])
    expect(text).not.toContain('hunter2')
    expect(errors).toEqual([[new Error('password=hunter2'), `http request ${body.requestId}`]])
  })

  test('an actor hook that fails is an unexpected error, and nothing is written', async () => {
    const errors: unknown[] = []
    const { invites } = await createTestInvites({ onError: error => errors.push(error) })
    const handler = createHandler(invites, {
      actor: async () => {
        throw new Error('session store down')
      },
    })
    expect((await handler(at('/invites'))).status).toBe(500)
    expect(errors).toHaveLength(1)
    const page = await handler(at('/invites/i/x', { headers: { accept: 'text/html', 'accept-language': 'fr' } }))
    expect([page.status, page.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8'])
    expect(await page.text()).toContain('<h1>Cela n’a pas fonctionné</h1>')
  })

  test('a body that was read before is an error that says so, not a hang', async () => {
    const errors: unknown[] = []
    const { invites, actor } = await createTestInvites({ onError: error => errors.push(error) })
    const handler = createHandler(invites, { actor: () => actor.admin })
    const request = at('/invites', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
    await request.text()
    expect((await handler(request)).status).toBe(500)
    expect(String(errors[0])).toMatch(/body/i)
  })

  test('a body that says it is too long is refused unread, and its source is let go', async () => {
    const { invites, actor } = await createTestInvites()
    const handler = createHandler(invites, { actor: () => actor.admin })
    let cancelled = false
    const body = new ReadableStream({
      cancel: () => {
        cancelled = true
      },
      pull: () => new Promise(() => {}),
    })
    const headers = { 'content-type': 'application/json', 'content-length': '65537' }
    const init: RequestInit = { method: 'POST', headers, body, duplex: 'half' }
    expect((await soon(handler(at('/invites', init)))).status).toBe(413)
    await soon(until(() => cancelled))
  })

  test.each([
    ['announced', { 'content-length': '1000000' }],
    ['not announced', { 'transfer-encoding': 'chunked' }],
  ] as const)('too long a body by `Readable.toWeb(req)`, %s, is refused, and the process lives', async (_, headers) => {
    const { invites, actor } = await createTestInvites()
    const handler = createHandler(invites, { actor: () => actor.admin })
    const server = createServer(async (req, res) => {
      const body = Readable.toWeb(req) as unknown as ReadableStream
      const init: RequestInit = {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
        duplex: 'half',
      }
      res.writeHead((await handler(at('/invites', init))).status).end()
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const sent = request({ host: '127.0.0.1', port, method: 'POST', headers }).on('error', () => {})
    const sending = setInterval(() => sent.write('x'.repeat(10_000)), 1)
    onTestFinished(() => {
      clearInterval(sending)
      sent.destroy()
      server.close()
    })
    const [answer] = await soon(once(sent, 'response'))
    expect(answer.statusCode).toBe(413)
    await new Promise(resolve => setTimeout(resolve, 50))
  })

  test('what the handler is called with besides the request goes on to the hooks', async () => {
    const { invites, actor } = await createTestInvites()
    const seen: unknown[] = []
    const handler = createHandler(invites, {
      actor: (_request, _params, { user }: { readonly user: string; readonly ip: string }) =>
        user === 'ada' ? actor.admin : null,
      clientAddress: (_request, { ip }) => {
        seen.push(ip)
        return ip
      },
    })
    const status = async (user: string) => (await handler(at('/invites'), { user, ip: '192.0.2.1' })).status
    expect([await status('ada'), await status('bob'), seen]).toEqual([200, 401, ['192.0.2.1', '192.0.2.1']])
    expectTypeOf(handler).parameters.toEqualTypeOf<[request: Request, native: { readonly user: string; readonly ip: string }]>()
    expectTypeOf(createHandler(invites, { actor: () => null })).toExtend<(request: Request) => Promise<Response>>()
  })

  test('actor may read a clone of the request', async () => {
    const { invites, actor } = await createTestInvites()
    const handler = createHandler(invites, {
      actor: async request => ((await request.clone().text()) === '' ? null : actor.admin),
    })
    const body = JSON.stringify({ recipient: { email: 'ada@example.com' }, role: 'member' })
    const headers = { 'content-type': 'application/json' }
    expect((await handler(at('/invites', { method: 'POST', headers, body }))).status).toBe(201)
  })

  test.each<[string, string, number, string]>([
    ['100,000 items', `{"invites":[${Array(100_000).fill('{}').join(',')}]}`, 422, 'invalid_input'],
    ['a text of 1 MB', JSON.stringify('x'.repeat(1_048_000)), 422, 'invalid_input'],
    ['a list of 500,000 where an object belongs', `[${Array(500_000).fill('1').join(',')}]`, 422, 'invalid_input'],
    ['5 MB', `{"invites":[${Array(250_000).fill('{"role":"member"}').join(',')}]}`, 413, 'body_too_large'],
  ])('a bulk of %s is refused at once, in a short answer', async (_, body, status, code) => {
    const { invites, actor } = await createTestInvites()
    const handler = createHandler(invites, { actor: () => actor.admin })
    const request = () => at('/invites/bulk', { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    expect(await json(handler(request()))).toMatchObject({ status, code })
    const { user, system } = process.cpuUsage()
    const answer = await handler(request())
    const used = process.cpuUsage({ user, system })
    expect((await answer.text()).length).toBeLessThan(1000)
    expect((used.user + used.system) / 1000).toBeLessThan(400)
  })

  test('a query of some thousand keys is refused at once, whoever asks', async () => {
    const { invites } = await createTestInvites()
    const handler = createHandler(invites, { parts: ['public'] })
    const keys = Array.from({ length: 20_000 }, (_, at) => `k${at}=1`)
    const { user, system } = process.cpuUsage()
    const { code, errors } = await json(handler(at(`/invites/health?${keys.join('&')}`)))
    const used = process.cpuUsage({ user, system })
    expect([code, errors.length]).toEqual(['invalid_query', 50])
    expect((used.user + used.system) / 1000).toBeLessThan(500)
  })

  test('clients without an address share one bucket', async () => {
    const { invites } = await createTestInvites()
    const handler = createHandler(invites, { parts: ['public'], publicLimits: { perClient: 2 } })
    const statuses = []
    for (let count = 0; count < 3; count += 1) statuses.push((await handler(at('/invites/i/x'))).status)
    expect(statuses).toEqual([404, 404, 429])
  })
})
