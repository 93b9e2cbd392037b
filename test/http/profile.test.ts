// A profile that is not the native one: the handler and the mounts take paths, media types, status codes and errors from it alone.
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Profile, Refusal } from '../../adapters/http/handler/profile.ts'
import { managementRoute, publicRoute } from '../../adapters/http/handler/route.ts'
import { createHandler, nodeListener } from '../../adapters/http/index.ts'
import { createTestInvites } from '../../adapters/testing/index.ts'
import { firstLine } from '../bridge/serving.ts'

const nothing = z.strictObject({})
const statusOf: Partial<Record<Refusal['code'], number>> = { not_found: 460, malformed_request: 461, unauthenticated: 462 }

/** One call, under another path and in other words. */
const terse: Profile = {
  accepts: ['application/vnd.terse+json'],
  type: 'application/vnd.terse+json',
  routes: ({ invites }) => [
    managementRoute(
      {
        method: 'POST',
        path: '/people',
        name: 'invite',
        summary: 'Invites somebody.',
        body: z.object({ mail: z.string() }),
        query: nothing,
        answers: {},
      },
      async ({ body, context }) => {
        const { invite } = await invites.create({ recipient: { email: body.mail }, role: 'member' }, context)
        return { status: 202, body: { number: invite.id } }
      },
    ),
    publicRoute(
      { method: 'GET', path: '/broken', name: 'broken', summary: '', body: nothing, query: nothing, answers: {} },
      async () => {
        throw new Error('unexpected')
      },
    ),
  ],
  refuse: ({ code, errors = [], headers, route }) => ({
    status: statusOf[code] ?? (code === 'internal' ? 500 : 470),
    body: { no: code, at: errors.map(({ path }) => path.join('.')), route: route?.name ?? null },
    headers: headers ?? {},
  }),
}

async function given() {
  const { invites, actor } = await createTestInvites({ onError: () => undefined })
  const options = { actor: (request: Request) => (request.headers.has('x-api-key') ? actor.owner : null), profile: terse }
  const handler = createHandler(invites, options)
  const call = async (method: string, path: string, body?: string, headers: Record<string, string> = {}) => {
    const url = `https://app.example.com/invites${path}`
    const answer = await handler(new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }))
    const text = await answer.text()
    return [answer.status, answer.headers.get('content-type'), text === '' ? null : JSON.parse(text)] as const
  }
  return { invites, call }
}

const type = 'application/vnd.terse+json'
const signedIn = { 'x-api-key': 'a', 'content-type': type }

test('a call goes through under its own path, with its own media type and status', async () => {
  const { call } = await given()
  const [status, answered, body] = await call('POST', '/people', '{"mail":"bob@example.com"}', signedIn)
  expect([status, answered, body]).toEqual([202, type, { number: expect.stringMatching(/^[\w-]{36}$/) }])
})

test('refusals have its status codes and its form, wherever they come from', async () => {
  const { call } = await given()
  const no = (status: number, code: string, route: string | null, at: string[] = []) => [status, type, { no: code, at, route }]
  expect(await call('POST', '/people', '{}')).toEqual(no(462, 'unauthenticated', 'invite'))
  expect(await call('POST', '/people', '{}', signedIn)).toEqual(no(470, 'invalid_input', 'invite', ['mail']))
  expect(await call('POST', '/people', '{"mail":"x"}', signedIn)).toEqual(
    no(470, 'invalid_input', 'invite', ['recipient.email']),
  )
  expect(await call('POST', '/people', '{}', { ...signedIn, 'content-type': 'application/json' })).toEqual(
    no(470, 'unsupported_media_type', 'invite'),
  )
  expect(await call('PUT', '/people', '{}', signedIn)).toEqual(no(470, 'method_not_allowed', null))
  expect(await call('GET', '/preview')).toEqual(no(460, 'not_found', null))
})

test('an unexpected error is its refusal too', async () => {
  const { call } = await given()
  expect(await call('GET', '/broken')).toEqual([500, type, { no: 'internal', at: [], route: null }])
})

test('a mount on node:http refuses in its form what never comes to the handler', async () => {
  const { invites } = await given()
  const server = createServer({ requireHostHeader: false }, nodeListener(invites, { actor: () => null, profile: terse }))
  const port = await new Promise<number>(resolve =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
  )
  onTestFinished(() => void server.close())
  const line = (target: string, host: string) =>
    firstLine(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  expect(await line('/invites/nowhere', 'a')).toContain(' 460 ')
  expect(await line('/elsewhere', 'a')).toContain(' 460 ')
  expect(await line('/invites/broken', 'two words')).toContain(' 461 ')
  expect(await line('/invites/broken', 'a')).toContain(' 500 ')
})
