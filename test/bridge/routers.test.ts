// The three routers as a user has them: the published entries around real invites, mounted as their docstrings say.
import type { RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import { Hono } from 'hono'
import { createInvites } from 'invitekit'
import { expressRouter } from 'invitekit/express'
import { honoRouter } from 'invitekit/hono'
import { createHandler, nodeListener } from 'invitekit/http'
import { koaRouter } from 'invitekit/koa'
import { memoryStorage } from 'invitekit/memory'
import Koa from 'koa'
import { expect, test } from 'vitest'
import { listen } from './serving.ts'

const told: unknown[] = []
const make = () =>
  createInvites({
    storage: memoryStorage(),
    keys: ['ab'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    roles: { owner: { grants: ['member'] }, member: {} },
    onError: error => told.push(error),
  })

const owner = (organizationId: string | undefined) =>
  organizationId && { userId: 'u', email: 'o@example.com', emailVerified: true, organizationId, role: 'owner' }

const first = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header)

const apps: Readonly<Record<string, () => RequestListener>> = {
  express: () => express().use('/invites', expressRouter(make(), { actor: req => owner(req.get('x-team')) })),
  koa: () => new Koa().use(koaRouter(make(), { actor: ctx => owner(ctx.get('x-team')) })).callback(),
  hono: () =>
    getRequestListener(new Hono().route('/invites', honoRouter(make(), { actor: c => owner(c.req.header('x-team')) })).fetch, {
      overrideGlobalObjects: false,
    }),
  node: () => nodeListener(make(), { actor: req => owner(first(req.headers['x-team'])) }),
}

test.each(Object.keys(apps))('%s: invites are made, listed and refused', async name => {
  const url = `http://127.0.0.1:${await listen(apps[name]!())}/invites`
  const post = (body: string, headers: Record<string, string>) =>
    fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const body = JSON.stringify({ recipient: { email: 'ada@example.com' }, role: 'member' })

  expect((await post(body, {})).status).toBe(401)
  const made = await post(body, { 'x-team': 't' })
  expect(made.status).toBe(201)
  expect(await made.json()).toMatchObject({
    outcome: 'created',
    link: expect.stringContaining('https://app.example.com/invites/i/'),
  })
  expect((await post('{', { 'x-team': 't' })).status).toBe(400)
  expect((await post(body, { 'x-team': 't' })).status).toBe(409)
  expect((await post('a=b', { 'x-team': 't', 'content-type': 'multipart/form-data; boundary=x' })).status).toBe(415)
  expect((await post(' '.repeat(70_000), { 'x-team': 't' })).status).toBe(413)
  const list = await fetch(`${url}?status=pending`, { headers: { 'x-team': 't' } })
  expect(await list.json()).toMatchObject({ data: [{ status: 'pending' }] })
  expect((await fetch(`${url}/no/such/path`)).status).toBe(404)
  expect(told).toEqual([])
})

test('a listener alone tells onError of what its own hooks throw, and the client nothing', async () => {
  const error = new Error('session store down')
  const listener = nodeListener(make(), { actor: () => Promise.reject(error) })
  const answer = await fetch(`http://127.0.0.1:${await listen(listener)}/invites`)
  expect([answer.status, Object.keys((await answer.json()) as object)]).toEqual([500, ['code', 'title', 'status', 'requestId']])
  expect(told.splice(0)).toEqual([error])
  const page = await fetch(`http://127.0.0.1:${await listen(listener)}/invites/i/x`, { headers: { accept: 'text/html' } })
  expect([page.status, page.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8'])
  expect(await page.text()).toContain('<h1>That did not work</h1>')
  expect(told.splice(0)).toEqual([error])
})

test('a user whose id is a number is told to the host by every mount, by name, and to nobody else', async () => {
  const heard: unknown[] = []
  const hears = (error: unknown) => void heard.push(error)
  const actor = () => ({ userId: 7, emailVerified: false }) as never
  const catching: express.ErrorRequestHandler = (error, _req, res, _next) => {
    hears(error)
    res.sendStatus(500)
  }
  const koa = new Koa().use(koaRouter(make(), { actor })).on('error', hears)
  const hono = new Hono().route('/invites', honoRouter(make(), { actor }))
  hono.onError((error, c) => {
    hears(error)
    return c.text('', 500)
  })
  const listeners: readonly RequestListener[] = [
    express().use('/invites', expressRouter(make(), { actor })).use(catching),
    koa.callback(),
    getRequestListener(hono.fetch, { overrideGlobalObjects: false }),
    nodeListener(make(), { actor }),
    getRequestListener(createHandler(make(), { actor }), { overrideGlobalObjects: false }),
  ]
  for (const listener of listeners) {
    const answer = await fetch(`http://127.0.0.1:${await listen(listener)}/invites`)
    expect([answer.status, (await answer.text()).includes('userId')]).toEqual([500, false])
    const [error, ...more] = [...heard.splice(0), ...told.splice(0)]
    expect(more).toEqual([])
    expect(String(error)).toMatch(/^TypeError: invitekit: `actor` must answer .* answered one whose `userId` is number$/)
  }
})

test('a mount without invites, and management without an actor, do not start', () => {
  const mounts: readonly ((invites: never, options: never) => unknown)[] = [
    expressRouter,
    koaRouter,
    honoRouter,
    nodeListener,
    createHandler,
  ]
  for (const mount of mounts) {
    for (const options of [{}, undefined]) expect(() => mount(make() as never, options as never)).toThrow('`actor` is missing')
    for (const none of [undefined, { actor: () => null }])
      expect(() => mount(none as never, undefined as never)).toThrow('a mount takes the invites first')
  }
  expect(() => expressRouter(make(), { parts: ['public'] })).not.toThrow()
})
