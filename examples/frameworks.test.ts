// Starts each framework example unchanged and uses it over HTTP: creates an invite, reads the mail, opens the page, accepts.
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test, vi } from 'vitest'

process.env['PORT'] = '0'
process.env['INTERNAL_PORT'] = '0'
const printed = vi.spyOn(console, 'log').mockImplementation(() => {})

interface Listening {
  address(): AddressInfo | string | null
  close(): unknown
  readonly listening: boolean
}
const servers: Listening[] = []
const instances: { close(): Promise<void> }[] = []
afterAll(async () => {
  for (const server of servers) server.close()
  for (const invites of instances) await invites.close()
})

/** Its address, once it listens. */
async function addressOf(server: Listening): Promise<string> {
  servers.push(server)
  while (!server.listening) await new Promise(resolve => setTimeout(resolve, 5))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Send = (path: string, init?: RequestInit) => Promise<Response>
const over =
  (url: string): Send =>
  (path, init) =>
    fetch(url + path, init)

const ada = { authorization: 'Bearer ada' }
const grace = { authorization: 'Bearer grace' }
const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})
const codeOf = async (answer: Promise<Response>): Promise<string> => {
  const response = await answer
  return `${response.status} ${((await response.json()) as { code?: string }).code}`
}
const invitation = { recipient: { email: 'grace@example.com' }, role: 'member' }

/** An invite from create to accept. `management` and `open` are the paths of the two halves. */
async function story(
  send: Send,
  { management = '/invites', open = '/invites', inviter = ada, invitee = grace, forward = send }: Partial<Story> = {},
) {
  printed.mockClear()
  expect((await send(management, post(invitation))).status).toBe(401)

  const created = await send(management, post(invitation, inviter))
  expect(created.status, await created.clone().text()).toBe(201)
  const { link, invite } = (await created.json()) as { link: string; invite: { id: string } }
  const token = link.split('/').at(-1)
  await vi.waitFor(() => expect(printed.mock.calls.flat().join('\n')).toContain(link))

  expect(await codeOf(send(management, post(invitation, inviter)))).toBe('409 already_invited')

  const landing = await forward(`${open}/i/${token}`)
  expect([landing.status, landing.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])

  expect((await forward(`${open}/accept`, post({ token }))).status).toBe(401)
  const accepted = await forward(`${open}/accept`, post({ token }, invitee))
  expect(await accepted.json()).toMatchObject({ member: { userId: 'grace', role: 'member' }, repeated: false })

  const changed = await send(`${management}/${invite.id}`, { headers: inviter })
  expect(await changed.json()).toMatchObject({ id: invite.id, status: 'accepted' })

  const tooMuch = post({ ...invitation, role: 'x'.repeat(100_000) }, inviter)
  expect(await codeOf(send(management, tooMuch))).toBe('413 body_too_large')
}

interface Story {
  readonly management: string
  readonly open: string
  readonly inviter: Record<string, string>
  readonly invitee: Record<string, string>
  /** To the public half, when it is another app. */
  readonly forward: Send
}

describe.each([
  ['express', () => import('./express.ts')],
  ['hono', () => import('./hono.ts')],
  ['koa', () => import('./koa.ts')],
  ['fetch', () => import('./fetch.ts')],
  ['fastify', () => import('./fastify.ts')],
])('%s', (_, start) => {
  test('an invite goes all its way, and the app keeps its own paths', async () => {
    const { server, invites } = await start()
    const send = over(await addressOf(server))
    await story(send)
    expect(await (await send('/')).text()).toBe('my app')
    instances.push(invites)
  })
})

test('fetch: the same as a function of a Request', async () => {
  const { handler } = await import('./fetch.ts')
  const response = await handler(new Request('https://app.example.com/invites/summary', { headers: ada }))
  expect(await response.json()).toMatchObject({ grants: expect.arrayContaining(['member']) })
  expect((await handler(new Request('https://app.example.com/elsewhere'))).status).toBe(404)
})

test('fastify: its own routes keep their body parser', async () => {
  const { server, app } = await import('./fastify.ts')
  const send = over(await addressOf(server))
  expect(await codeOf(send('/invites/no/such/path', post({}, ada)))).toBe('404 not_found')
  const direct = await app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } })
  expect(direct.json()).toEqual({ a: 1 })
})

test('next: the exports of the route file answer', async () => {
  const route = await import('./next/app/invites/[[...path]]/route.ts')
  const send: Send = (path, init = {}) => {
    const method = route[(init.method ?? 'GET') as 'GET' | 'POST']
    return method(new Request(`http://localhost:3000${path}`, init))
  }
  // With a cookie a call must come from a page of the app itself.
  const signedIn = (name: string) => ({ cookie: `session=${name}`, 'sec-fetch-site': 'same-origin' })
  await story(send, { inviter: signedIn('ada'), invitee: signedIn('grace') })
  const foreign = post(invitation, { cookie: 'session=ada', origin: 'https://evil.example' })
  expect(await codeOf(send('/invites', foreign))).toBe('403 cross_site_request')
})

test('orgs: the path says which organization, the membership says as what', async () => {
  const { server, invites } = await import('./orgs.ts')
  const send = over(await addressOf(server))
  await story(send, { management: '/orgs/acme/invites' })

  const statusOf = async (org: string, headers: Record<string, string>) =>
    (await send(`/orgs/${org}/invites`, post(invitation, headers))).status
  expect(await statusOf('initech', ada)).toBe(403) // a member there, who may grant nothing
  expect(await statusOf('acme', grace)).toBe(403) // invited and accepted, but the app's own table does not know her
  expect(await statusOf('nowhere', ada)).toBe(403)
  instances.push(invites)
})

test('two halves: the public app cannot manage, the internal one serves no invitee', async () => {
  const { publicServer, internalServer, invites } = await import('./two-halves.ts')
  const inside = over(await addressOf(internalServer))
  const outside = over(await addressOf(publicServer))
  const staff = { 'x-sso-user': 'ada@acme.example' }

  await story(inside, { open: '/join', inviter: staff, forward: outside })

  expect((await outside('/join', { headers: { ...staff, ...grace } })).status).toBe(404)
  expect((await inside('/invites/accept', post({ token: 'x' }, staff))).status).toBe(404)
  instances.push(invites)
})

test('serverless: what the platform is told to wait for is every mail, and cron finds nothing left', async () => {
  const { fetch, scheduled } = await import('./serverless.ts')
  printed.mockClear()
  const names = ['alan', 'mary', 'edsger', 'barbara']
  const works = await Promise.all(
    names.map(async name => {
      const body = JSON.stringify({ recipient: { email: `${name}@example.com` }, role: 'member' })
      const headers = { authorization: 'Bearer ada', 'content-type': 'application/json' }
      const waited: Promise<unknown>[] = []
      const request = new Request('https://app.example.com/invites', { method: 'POST', headers, body })
      const { status } = await fetch(request, {}, { waitUntil: work => void waited.push(work) })
      expect(status).toBe(201)
      return waited
    }),
  )
  // Calls that were committed together are delivered together, in the name of the first.
  await Promise.all(works.flat())
  for (const name of names) expect(printed.mock.calls.flat().join('\n')).toContain(`To: ${name}@example.com`)
  expect(await scheduled()).toEqual({ delivered: 0, failed: 0, expired: 0 })
})
