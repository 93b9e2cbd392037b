// The client makes the calls of the library over the wire: same names, same answers, same errors.
import { expect, test } from 'vitest'
import { createClient } from '../../adapters/client/index.ts'
import { createHandler } from '../../adapters/http/index.ts'
import { createTestInvites } from '../../adapters/testing/index.ts'
import { type Actor, isInviteError } from '../../src/index.ts'

type Fetch = (url: string, init: RequestInit) => Promise<Response>

async function served(around: (go: Fetch) => Fetch = go => go) {
  const { invites, actor, clock, mailbox } = await createTestInvites({ limits: { pending: 5 } })
  let who: Actor | null = actor.admin
  const handler = createHandler(invites, { actor: () => who })
  const fetch = around((url, init) => handler(new Request(url, init)))
  const client = createClient<'owner' | 'admin' | 'member' | 'viewer'>({ baseUrl: 'https://app.example.com/invites/', fetch })
  return { invites, client, clock, mailbox, actor, signIn: (next: Actor | null) => (who = next) }
}

const ada = { recipient: { email: 'ada@example.com' }, role: 'member' } as const

test('the calls answer as they do in process, dates included', async () => {
  const { client, invites, actor, mailbox } = await served()
  const moment = '2026-01-01T00:00:00.000Z'
  const { invite, link, outcome } = await client.create({ ...ada, metadata: { seenAt: moment } })
  expect([outcome, link]).toEqual(['created', mailbox.last().link])
  expect(invite.createdAt).toEqual(new Date('2026-01-01T12:00:00Z'))
  expect(invite.metadata).toEqual({ seenAt: moment })
  expect(await client.get({ id: invite.id })).toEqual(await invites.get({ id: invite.id }, { actor: actor.admin }))
  expect(await client.link({ id: invite.id })).toEqual({ link })
  expect(await client.summary()).toEqual(await invites.summary({}, { actor: actor.admin }))
  expect(await client.history({ id: invite.id })).toEqual(await invites.history({ id: invite.id }, { actor: actor.admin }))
  expect((await client.update({ id: invite.id, role: 'viewer' })).invite.role).toBe('viewer')
  expect((await client.resend({ id: invite.id, expiresIn: '1d' })).invite.expiresAt).toEqual(new Date('2026-01-02T12:00:00Z'))
  expect((await client.revoke({ id: invite.id, reason: 'x' })).invite.status).toBe('revoked')
  await expect(client.link({ id: invite.id })).rejects.toMatchObject({ code: 'invite_revoked' })
  expect(await client.erase({ id: invite.id })).toBeUndefined()
})

test('why an invite has no link is told as in process, never by a time of the client', async () => {
  const { client, invites, clock, actor } = await served()
  const { invite } = await client.create({ ...ada, expiresIn: '1h' })
  clock.advance('2h')
  const error = await client.link({ id: invite.id }).catch((error: unknown) => error)
  expect(error).toMatchObject({ code: 'invite_expired', facts: { expiresAt: new Date('2026-01-01T13:00:00Z') } })
  const inProcess = await invites.link({ id: invite.id }, { actor: actor.admin }).catch((error: unknown) => error)
  expect(isInviteError(error) && error.facts).toEqual(isInviteError(inProcess) && inProcess.facts)
  const updatedAt = '2026-01-01T12:30:00.000Z'
  const answer = JSON.stringify({ status: 'expired', expiresAt: null, updatedAt })
  const imported = createClient({ baseUrl: '/invites', fetch: async () => new Response(answer) })
  await expect(imported.link({ id: invite.id })).rejects.toMatchObject({ facts: { expiresAt: new Date(updatedAt) } })
})

test('templates are kept and shown over the wire as in process', async () => {
  const { client, invites, actor } = await served()
  const content = {
    email: { subject: 'Hi {{ recipient.name }}' },
    locales: { at: { sms: { body: '2026-01-01T00:00:00.000Z' } } },
  }
  const { template } = await client.templates.create({ name: 'Warm', content, default: true })
  const { id } = template
  expect(template).toEqual(await invites.templates.get({ id }, { actor: actor.admin }))
  expect(await client.templates.get({ id })).toEqual(template)
  expect((await client.templates.list({ limit: 1 })).data).toEqual([template])
  expect(await client.templates.preview({ id })).toEqual(await invites.templates.preview({ id }, { actor: actor.admin }))
  expect((await client.templates.preview({ content: { email: { subject: 'x' } }, channel: 'email' })).email?.subject).toBe('x')
  expect((await client.templates.update({ id, name: 'Cold', content: {} })).template.content).toEqual({})
  expect(await client.templates.remove({ id })).toBeUndefined()
  await expect(client.templates.get({ id })).rejects.toMatchObject({ code: 'template_not_found' })
  const refused = client.templates.create({ name: 'x', content: { email: { body: '{{ x }}' } } })
  await expect(refused).rejects.toMatchObject({ code: 'template_invalid', facts: { errors: [{ path: 'content.email.body' }] } })
})

test('each walks all pages with the filters of list', async () => {
  const { client } = await served()
  const invites = ['a', 'b', 'c'].map(name => ({ recipient: { email: `${name}@example.com` }, role: 'member' as const }))
  expect((await client.createMany({ invites })).created).toBe(3)
  const range = { created: { from: new Date('2026-01-01T12:00:00Z') }, status: 'pending' as const, limit: 2 }
  const seen = []
  for await (const invite of client.each({ ...range, include: ['link'] })) seen.push(invite.link)
  expect(new Set(seen).size).toBe(3)
  expect((await client.list({ ...range, created: { to: new Date('2026-01-01T12:00:00Z') } })).data).toEqual([])
})

test('an invitee sees, opens, accepts and declines', async () => {
  const { client, actor, mailbox, signIn } = await served()
  const { invite } = await client.create(ada)
  const { token } = mailbox.last()
  signIn(actor.user('ada@example.com'))
  expect((await client.mine()).data.map(({ id }) => id)).toEqual([invite.id])
  expect((await client.preview({ token })).expiresAt).toEqual(invite.expiresAt)
  await client.open({ token })
  expect((await client.accept({ token, role: 'member' })).member).toMatchObject({ userId: 'ada@example.com', role: 'member' })
  await expect(client.decline({ token })).rejects.toMatchObject({ code: 'invite_already_accepted' })
  signIn(actor.admin)
  expect((await client.members.list()).data).toHaveLength(1)
})

test('failures are InviteErrors with their facts', async () => {
  const { client, clock, mailbox, signIn, actor } = await served()
  const { invite } = await client.create(ada)
  const error = await client.create(ada).catch((error: unknown) => error)
  expect(isInviteError(error) && error.facts).toEqual({ code: 'already_invited', existingId: invite.id })
  const flaws = await client.create({ ...ada, recipient: { email: 'x' } }).catch((error: unknown) => error)
  expect(flaws).toMatchObject({ code: 'invalid_input', facts: { errors: [{ path: 'recipient.email' }] } })
  await expect(client.list({ limit: 0 })).rejects.toMatchObject({
    code: 'invalid_input',
    facts: { errors: [{ path: 'limit' }] },
  })
  clock.advance('8d')
  signIn(actor.user('ada@example.com'))
  await expect(client.accept({ token: mailbox.last().token })).rejects.toMatchObject({
    code: 'invite_expired',
    facts: { expiresAt: new Date('2026-01-08T12:00:00Z') },
  })
  signIn(null)
  await expect(client.summary()).rejects.toMatchObject({ code: 'unauthenticated' })
})

test('a lost answer is asked for again with the same key: one invite, one mail', async () => {
  const keys: (string | null)[] = []
  const { client, mailbox, invites, actor } = await served(go => async (url, init) => {
    const answer = await go(url, init)
    keys.push(new Headers(init.headers).get('idempotency-key'))
    if (keys.length === 1) throw new TypeError('fetch failed')
    return answer
  })
  const { outcome } = await client.create(ada)
  expect([outcome, mailbox.messages.length, keys.length, new Set(keys).size]).toEqual(['created', 1, 2, 1])
  expect((await invites.list({}, { actor: actor.admin })).data).toHaveLength(1)
})

const answers = (...statuses: [number, Record<string, string>?][]) => {
  const asked: string[] = []
  const fetch: Fetch = async url => {
    asked.push(url)
    const [status, headers = {}] = statuses[Math.min(asked.length, statuses.length) - 1] ?? [500]
    return new Response(status === 200 ? '{"data":[]}' : '<h1>Oops</h1>', { status, headers })
  }
  return { asked, client: createClient({ baseUrl: '/invites', fetch }) }
}

test('503 and 429 are tried again as Retry-After says, and no longer than 5 seconds', async () => {
  const busy = answers([503], [429, { 'retry-after': '0' }], [200])
  expect(await busy.client.mine()).toEqual({ data: [] })
  expect(busy.asked).toEqual(['/invites/mine', '/invites/mine', '/invites/mine'])
  const later = answers([429, { 'retry-after': '60' }])
  await expect(later.client.mine()).rejects.toMatchObject({ code: 'unavailable' })
  expect(later.asked).toHaveLength(1)
  const down = answers([503])
  await expect(down.client.mine()).rejects.toThrow('The server answered 503.')
  expect(down.asked).toHaveLength(3)
})

test('what is no answer of ours is unavailable, with a hint', async () => {
  await expect(answers([502]).client.mine()).rejects.toMatchObject({ code: 'unavailable', message: 'The server answered 502.' })
  const page = createClient({ baseUrl: '', fetch: async () => new Response('<!doctype html>') })
  await expect(page.mine()).rejects.toThrow('is `baseUrl` right?')
  const offline = createClient({ baseUrl: '', retries: 0, fetch: () => Promise.reject(new TypeError('fetch failed')) })
  await expect(offline.mine()).rejects.toMatchObject({ code: 'unavailable', cause: new TypeError('fetch failed') })
})

test('a change that is not keyed is not sent twice, and an aborted call is not repeated', async () => {
  let sent = 0
  const fetch: Fetch = async (_, { signal }) => {
    sent += 1
    signal?.throwIfAborted()
    throw new TypeError('fetch failed')
  }
  const client = createClient({ baseUrl: '', fetch })
  await expect(client.update({ id: 'x', role: 'y' })).rejects.toMatchObject({ code: 'unavailable' })
  expect(sent).toBe(1)
  await expect(client.summary({}, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  expect(sent).toBe(2)
})

test('a path for baseUrl, where no page gives it an origin, is told as that by the first call', async () => {
  await expect(createClient({ baseUrl: '/invites' }).mine()).rejects.toThrow(
    new TypeError(
      "createClient: outside of a browser `baseUrl` must be a whole address, such as 'https://app.example.com/invites'.",
    ),
  )
})

test('headers may be a function that knows the newest token', async () => {
  const seen: (string | null)[] = []
  const client = createClient({
    baseUrl: '',
    headers: async () => ({ authorization: `Bearer ${seen.length}` }),
    fetch: async (_, { headers }) => {
      seen.push(new Headers(headers).get('authorization'))
      return new Response('{}')
    },
  })
  await client.summary()
  await client.summary()
  expect(seen).toEqual(['Bearer 0', 'Bearer 1'])
})

test.each<[string, unknown, RegExp]>([
  ['no options', undefined, /takes an object, such as \{ baseUrl: '\/invites' \}/],
  ['nothing in them', {}, /`baseUrl` must be where the API is: '\/invites', or .* It is undefined: is its variable set/],
  ['a URL object', { baseUrl: new URL('https://a.example') }, /`baseUrl` must be where the API is.*'\.$/],
  ['fetch that is none', { baseUrl: '/invites', fetch: {} }, /`fetch` must be a function, or left out/],
  ['headers that are none', { baseUrl: '/invites', headers: 'Bearer x' }, /`headers` must be what fetch takes/],
  [
    'an unknown option',
    { baseUrl: '/invites', retry: 3 },
    /no option `retry`; the options are baseUrl, fetch, headers, retries/,
  ],
  ['half a retry', { baseUrl: '/invites', retries: 0.5 }, /`retries` must be a whole number from 0/],
])('createClient with %s is refused at once', (_, options, sentence) => {
  expect(() => createClient(options as never)).toThrow(sentence)
  expect(() => createClient(options as never)).toThrow(/^createClient: /)
})
