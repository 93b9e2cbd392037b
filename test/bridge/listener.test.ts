// The plain listener by itself, the prefix, and what the routers of the published entries take and hand on.
import { once } from 'node:events'
import { connect, createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { Hono } from 'hono'
import Koa from 'koa'
import { expect, expectTypeOf, onTestFinished, test } from 'vitest'
import { pathOf, queryOf, toPrefix } from '../../adapters/http/mounts/bridge/mount.ts'
import { type ExpressOptions, toExpress } from '../../adapters/http/mounts/express.ts'
import { type HonoOptions, toHono } from '../../adapters/http/mounts/hono.ts'
import { type KoaOptions, toKoa } from '../../adapters/http/mounts/koa.ts'
import { toListener } from '../../adapters/http/mounts/node.ts'
import { echo, limited } from './handles.ts'
import { listen } from './serving.ts'

test('without a next handler a foreign path is 404 and an error is a bare 500', async () => {
  const told: unknown[] = []
  const error = new Error('secret')
  const failing = toListener(() => Promise.reject(error), { onError: one => told.push(one) })
  const missing = toListener(echo, { prefix: '/invites' })
  const [a, b] = await Promise.all([
    fetch(`http://127.0.0.1:${await listen(failing)}/x`),
    fetch(`http://127.0.0.1:${await listen(missing)}/x`),
  ])
  expect([a.status, b.status]).toEqual([500, 404])
  expect(a.headers.get('content-type')).toBe('application/problem+json')
  expect(await a.text()).not.toContain('secret')
  expect(told).toMatchObject([{ cause: error }])
})

test('HTTP/2 comes through', async () => {
  // The compatibility classes of node:http2 are those of node:http in all that is used here.
  const server = createServer(toListener(echo) as never).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => {
    session.close()
    server.close()
  })
  const stream = session.request({ ':method': 'POST', ':path': '/i/x?a=1', 'content-type': 'text/plain' })
  stream.end('hello')
  let text = ''
  for await (const chunk of stream) text += chunk
  expect(JSON.parse(text)).toMatchObject({
    method: 'POST',
    path: '/i/x',
    body: 'hello',
    headers: { 'content-type': 'text/plain' },
  })
})

test('the globals stay what they are', () => {
  const { Request: request, Response: response, Headers: headers } = globalThis
  toExpress(echo)
  toKoa(echo)
  toHono(echo)
  expect([Request, Response, Headers]).toEqual([request, response, headers])
})

test.each([
  ['/invites', '/invites', '/', {}],
  ['/invites', '/invites/', '/', {}],
  ['/invites/', '/invites/i/x', '/i/x', {}],
  ['', '//evil', '//evil', {}],
  ['/', '/', '/', {}],
  ['/a/b', '/a/b/c', '/c', {}],
  ['/orgs/:org/invites', '/orgs/a%2Fb/invites/x', '/x', { org: 'a/b' }],
])('the prefix %j takes %j as %j', (prefix, path, rest, params) => {
  expect(toPrefix(prefix)(path)).toEqual({ path: rest, params })
})

test.each([
  ['/invites', '/invitesx'],
  ['/invites', '//invites'],
  ['/invites', '/INVITES'],
  ['/invites', '/'],
  ['/orgs/:org/invites', '/orgs//invites'],
  ['/orgs/:org/invites', '/orgs/%zz/invites'],
])('the prefix %j leaves %j alone', (prefix, path) => {
  expect(toPrefix(prefix)(path)).toBeNull()
})

test.each([
  ['/a?b#c', '/a'],
  ['/a#b?c', '/a'],
  ['//evil/x', '//evil/x'],
  ['http://evil/x?y', '/x'],
  ['http://evil', '/'],
  ['?x', '/'],
])('the path of %j is %j', (target, path) => {
  expect(pathOf(target)).toBe(path)
})

test.each([
  ['/a?b=c&d#e', '?b=c&d'],
  ['/a#b?c', ''],
  ['/a', ''],
  ['/a?', '?'],
  ['http://evil/x?y=/?z', '?y=/?z'],
])('the query of %j is %j', (target, query) => {
  expect(queryOf(target)).toBe(query)
})

test('Hono: app.mount cuts the prefix off and works as well', async () => {
  const app = new Hono()
  app.mount('/invites', toHono(echo).fetch)
  const response = await app.request('/invites/i/x?a=1', { method: 'POST', body: 'b' })
  expect(await response.json()).toMatchObject({ path: '/i/x', body: 'b', clientAddress: null })
})

test('Hono: what a middleware unpacks is counted, whatever length was announced', async () => {
  const body = new ReadableStream({ pull: controller => controller.enqueue(new Uint8Array(16_384)) })
  const headers = { 'content-length': '10', 'content-encoding': 'gzip' }
  const app = new Hono().use(async (c, next) => {
    c.req.raw = new Request(c.req.url, { method: 'POST', headers, body, duplex: 'half' })
    await next()
  })
  app.route('/invites', toHono(limited))
  expect((await app.request('/invites/x', { method: 'POST', body: 'x' })).status).toBe(413)
})

test('Hono: a host that computes its paths, and a nested parameter', async () => {
  const ours = toHono(echo, { actor: (_, { org }) => ({ userId: 'u', organizationId: org, emailVerified: true }) })
  const app = new Hono({ getPath: request => `/by-host${new URL(request.url).pathname}` })
  app.route('/by-host', new Hono().route('/orgs/:org', new Hono().route('/invites', ours)))
  const response = await app.request('/orgs/a%20b/invites/i/a%2Fb')
  expect(await response.json()).toMatchObject({ path: '/i/a%2Fb', organizationId: 'a b' })
})

test('the clientAddress hook goes before the framework’s view', async () => {
  const app = express().use(toExpress(echo, { clientAddress: req => req.get('x-real') }))
  const url = `http://127.0.0.1:${await listen(app)}/x`
  const seen = await Promise.all([fetch(url, { headers: { 'x-real': '192.0.2.1' } }), fetch(url)])
  expect(await Promise.all(seen.map(async one => (await one.json()) as object))).toMatchObject([
    { clientAddress: '192.0.2.1' },
    { clientAddress: '127.0.0.1' },
  ])
})

test('each host takes its mount, and each hook gets its own request', () => {
  express().use('/invites', toExpress(echo))
  new Koa().use(toKoa(echo))
  new Hono<{ Variables: { user: { id: string } } }>().route('/invites', toHono(echo))
  expectTypeOf<Parameters<NonNullable<ExpressOptions['actor']>>[0]>().toEqualTypeOf<express.Request>()
  expectTypeOf<Parameters<NonNullable<KoaOptions['actor']>>[0]>().toEqualTypeOf<Koa.Context>()
  expectTypeOf<Parameters<NonNullable<HonoOptions['actor']>>[0]['req']['raw']>().toEqualTypeOf<Request>()
})

const form = 'application/x-www-form-urlencoded'
test.each([
  ['rawBody before body', 'application/json', { rawBody: '{"a":1}', body: { a: 2 } }, 200, '{"a":1}'],
  ['a list of fields', form, { body: { a: ['x', 'y'], b: { c: 'd e' } } }, 200, 'a=x&a=y&b%5Bc%5D=d+e'],
  ['a `{}` that a parser read', 'application/json', { body: {}, _body: true }, 200, '{}'],
  ['the `{}` that Express 4 puts there', 'application/json', { body: {} }, 500, ''],
  ['nothing', 'application/json', {}, 500, ''],
] as const)('of a body that is gone: %s', async (_, type, kept, status, body) => {
  const listener = toListener(echo, { onError: () => undefined })
  const port = await listen((req, res) => req.resume().once('end', () => listener(Object.assign(req, kept), res)))
  const headers = { 'content-type': `${type}; charset=utf-16`, 'content-encoding': 'gzip' }
  const response = await fetch(`http://127.0.0.1:${port}/x`, { method: 'POST', body: 'x'.repeat(40), headers })
  expect(response.status).toBe(status)
  const seen = (await response.json()) as { body?: string; headers?: object }
  if (status === 500) return
  expect(seen.body).toBe(body)
  expect(seen.headers).toMatchObject({ 'content-type': type, 'content-length': String(body.length) })
  expect(seen.headers).not.toHaveProperty('content-encoding')
})
