// The typed client in one process with a server by @hono/node-server, which puts a Request and a Response of its own in the globals.
import { once } from 'node:events'
import { type ServerType, serve } from '@hono/node-server'
import { Hono } from 'hono'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createClient } from '../../adapters/client/index.ts'
import { createHandler } from '../../adapters/http/index.ts'
import { honoRouter } from '../../adapters/http/mounts/hono.ts'
import { createTestInvites, type TestInvites } from '../../adapters/testing/index.ts'

const { Request: ownRequest, Response: ownResponse } = globalThis
afterAll(() => {
  Object.defineProperties(globalThis, { Request: { value: ownRequest }, Response: { value: ownResponse } })
})

type Fetch = (request: Request) => Response | Promise<Response>
type Given = TestInvites<string, never, unknown>

const servers: Readonly<Record<string, (given: Given) => Fetch>> = {
  honoRouter: ({ invites, actor }) =>
    new Hono().route('/invites', honoRouter(invites, { actor: c => personOf(actor, c.req.header('x-user')) })).fetch,
  createHandler: ({ invites, actor }) =>
    createHandler(invites, { actor: request => personOf(actor, request.headers.get('x-user')) }),
}

const personOf = (actor: Given['actor'], email: string | null | undefined) =>
  email === 'admin' ? actor['admin'] : email && actor.user(email)

test.each(Object.keys(servers))('%s: every kind of call, refusal and page goes through', async name => {
  const given = (await createTestInvites()) as unknown as Given
  const url = `${await start(servers[name]!(given))}/invites`
  expect(Response).not.toBe(ownResponse)
  const client = (user: string) => createClient({ baseUrl: url, headers: { 'x-user': user }, retries: 0 })
  const admin = client('admin')
  const ada = client('ada@example.com')

  const to = { recipient: { email: 'ada@example.com', fullName: 'Ädä 🙂' }, role: 'member' }
  const { invite, link } = await admin.create(to)
  expect(invite.createdAt).toEqual(new Date('2026-01-01T12:00:00Z'))
  expect((await admin.update({ id: invite.id, metadata: { a: 'ü' } })).invite.metadata).toEqual({ a: 'ü' })
  await expect(admin.create(to)).rejects.toMatchObject({ code: 'already_invited', facts: { existingId: invite.id } })
  const large = { ...to, metadata: { a: 'x'.repeat(100_000) } }
  await expect(admin.create(large)).rejects.toMatchObject({ code: 'unavailable', cause: { status: 413 } })
  await expect(admin.summary({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })

  const page = url + new URL(link).pathname.slice('/invites'.length)
  expect(await (await fetch(page)).text()).toContain('<h1>')
  const refused = await fetch(page, { method: 'PUT' })
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST, OPTIONS'])
  expect(await refused.text()).toContain('<h1>That did not work</h1>')

  const token = link.split('/').at(-1) ?? ''
  expect((await ada.preview({ token })).recipient).toBe('a…@example.com')
  expect((await ada.accept({ token })).member).toEqual({ userId: 'ada@example.com', role: 'member' })
  expect((await admin.members.list()).data).toMatchObject([{ userId: 'ada@example.com' }])
  expect(await admin.erase({ id: invite.id })).toBeUndefined()
})

async function start(fetch: Fetch): Promise<string> {
  const server: ServerType = serve({ fetch, port: 0, hostname: '127.0.0.1' })
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}
