// Input that is wrong in every way we know: each is a 4xx, and no row changes.
import { expect, test } from 'vitest'
import { given, type Serve, soon } from './given.ts'

const json = (body: unknown) => JSON.stringify(body)
const to = (recipient: unknown, more: object = {}) => json({ recipient, role: 'member', ...more })
const ok = { email: 'ada@example.com' }

const bodies: readonly (readonly [what: string, body: string, status: number, pointer?: string])[] = [
  ['unreadable JSON', '{"recipient":', 400],
  ['something after the JSON', `${to(ok)}}`, 400],
  ['bytes that are no UTF-8', 'latin1', 400],
  ['an array', '[]', 422, ''],
  ['null', 'null', 422, ''],
  ['a number', '1', 422, ''],
  ['a string', '"x"', 422, ''],
  ['an empty object', '{}', 422, '/recipient'],
  ['an unknown field', to(ok, { admin: true }), 422, '/admin'],
  ['an unknown field inside', to({ ...ok, name: 'x' }), 422, '/recipient/name'],
  ['a field of the library alone', to(ok, { extra: {} }), 422, '/extra'],
  ['the link pattern', to(ok, { linkPattern: 'https://evil.example/{token}' }), 422, '/linkPattern'],
  ['a role that is a number', to(ok, { role: 1 }), 422, '/role'],
  ['an unknown role', to(ok, { role: 'king' }), 422],
  ['a role of every object', to(ok, { role: 'constructor' }), 422],
  ['a role __proto__', to(ok, { role: '__proto__' }), 422],
  ['a boolean that is a text', to(ok, { send: 'no' }), 422, '/send'],
  ['a list where one address belongs', to({ email: ['a@example.com', 'b@example.com'] }), 422, '/recipient/email'],
  ['an object where one address belongs', to({ email: { toString: 'x' } }), 422, '/recipient/email'],
  ['two addresses', to({ email: 'a@example.com,b@example.com' }), 422, '/recipient/email'],
  ['two addresses with a blank', to({ email: 'a@example.com b@example.com' }), 422, '/recipient/email'],
  ['a list of recipients', to([ok]), 422, '/recipient'],
  ['a display name', to({ email: 'Ada <ada@example.com>' }), 422, '/recipient/email'],
  ['CR/LF in an address', to({ email: 'ada@example.com\r\nBcc: all@example.com' }), 422, '/recipient/email'],
  ['CR/LF in a name', to({ ...ok, fullName: 'Ada\r\nBcc: all@example.com' }), 422, '/recipient/fullName'],
  ['NUL in a name', to({ ...ok, fullName: 'Ada\u0000' }), 422, '/recipient/fullName'],
  ['NUL in metadata', to(ok, { metadata: { a: ['\u0000'] } }), 422, '/metadata/a/0'],
  ['NUL in a key', to(ok, { metadata: { 'a\u0000': 1 } }), 422, '/metadata'],
  [
    'half a character in a name',
    `{"recipient":{"email":"ada@example.com","fullName":"\\ud800"},"role":"member"}`,
    422,
    '/recipient/fullName',
  ],
  ['half a character in an address', `{"recipient":{"email":"\\udc00@example.com"},"role":"member"}`, 422, '/recipient/email'],
  ['a __proto__ key', `{"__proto__":{"role":"owner"},"recipient":{"email":"ada@example.com"},"role":"member"}`, 422, ''],
  [
    'a __proto__ key in metadata',
    `{"recipient":{"email":"ada@example.com"},"role":"member","metadata":{"a":{"__proto__":{}}}}`,
    422,
    '/metadata/a',
  ],
  ['a constructor key', to(ok, { constructor: { prototype: {} } }), 422, '/constructor'],
  ['JSON too deep', `{"metadata":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 422],
  ['an impossible duration', to(ok, { expiresIn: 'soon' }), 422, '/expiresIn'],
  ['a negative duration', to(ok, { expiresIn: -1 }), 422, '/expiresIn'],
  ['a fraction of a use', json({ kind: 'open', role: 'member', maxUses: 1.5 }), 422, '/maxUses'],
  ['no use at all', json({ kind: 'open', role: 'member', maxUses: 0 }), 422, '/maxUses'],
  ['an open invite to somebody', json({ kind: 'open', role: 'member', recipient: ok }), 422, '/recipient'],
  ['an unknown kind', json({ kind: 'secret', role: 'member', recipient: ok }), 422, '/kind'],
  ['nobody', to({}), 422, '/recipient'],
  ['a name of 10,000 letters', to({ ...ok, fullName: 'x'.repeat(10_000) }), 422, '/recipient/fullName'],
  ['metadata of 60 kB', to(ok, { metadata: { a: 'x'.repeat(60_000) } }), 422, '/metadata'],
  ['metadata that is a list', to(ok, { metadata: [] }), 422, '/metadata'],
  ['70 kB', to(ok, { metadata: { a: 'x'.repeat(70_000) } }), 413],
]

const types: readonly (readonly [string, Record<string, string>])[] = [
  ['text/plain', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a form with parts', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['XML', { 'content-type': 'application/xml' }],
  ['text/json', { 'content-type': 'text/json' }],
  ['two at once', { 'content-type': 'text/plain, application/json' }],
  ['another charset', { 'content-type': 'application/json; charset=utf-16' }],
  ['a compressed body', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
]

const queries = [
  'limit=0',
  'limit=-1',
  'limit=201',
  'limit=NaN',
  'limit=',
  'limit=1e1',
  'limit=1.5',
  'limit=0x10',
  'limit=1&limit=2',
]
  .concat([
    'status=dead',
    'status=',
    'status=pending&status=accepted',
    'sort=role',
    'sort=--createdAt',
    'include=extra',
    'include=',
  ])
  .concat(['createdAfter=yesterday', 'createdAfter=2026-02-30T00:00:00Z', 'createdAfter=2026-01-01', 'organizationId=other'])
  .concat([
    'email=a@example.com,b@example.com',
    'email[]=a',
    '__proto__=x',
    'q=%00',
    'q=%ff',
    'q=%ed%a0%80',
    `q=${'x'.repeat(5000)}`,
  ])

const endless = (pause: number) =>
  new ReadableStream<Uint8Array>({
    async pull(controller) {
      await new Promise(resolve => setTimeout(resolve, pause))
      controller.enqueue(new Uint8Array(pause === 0 ? 16_384 : 10).fill(0x20))
    },
  })

export function testInput(serve: Serve): void {
  test.each(bodies.map(([what, body, status, pointer]) => ({ what, body, status, pointer })))(
    '$what is refused',
    async ({ what, body, status, pointer }) => {
      const { call, rows } = await given(serve)
      const before = await rows()
      const sent = what.startsWith('bytes') ? new Blob([new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d])]).stream() : body
      const answer = await call('POST', '', { body: sent })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
      if (pointer !== undefined)
        expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toContain(pointer)
      expect(await rows()).toBe(before)
    },
  )

  test.each(types)('%s is 415', async (_, headers) => {
    const { call, rows } = await given(serve)
    const before = await rows()
    const answer = await call('POST', '', { body: to(ok), headers })
    expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type'])
    expect(await rows()).toBe(before)
  })

  test('an empty body is {}, whatever its type or without one', async () => {
    const { call, pending } = await given(serve)
    const { id } = await pending()
    expect((await call('POST', `/${id}/resend`)).status).toBe(200)
    for (const type of ['text/plain', 'application/json', 'application/x-www-form-urlencoded']) {
      expect((await call('POST', `/${id}/resend`, { body: '', headers: { 'content-type': type } })).status).toBe(200)
    }
    expect((await call('POST', `/${id}/resend`, { body: new Blob([]).stream() })).status).toBe(200)
  })

  test('a body may be 64 kB, a bulk 1 MB', async () => {
    const { call } = await given(serve)
    const padded = (size: number, body: string) => body + ' '.repeat(size - body.length)
    expect((await call('POST', '', { body: padded(65_536, to({ email: 'a@example.com' })) })).status).toBe(201)
    expect((await call('POST', '', { body: padded(65_537, to({ email: 'b@example.com' })) })).status).toBe(413)
    const bulk = json({ invites: [{ recipient: { email: 'c@example.com' }, role: 'member' }] })
    expect((await call('POST', '/bulk', { body: padded(1_048_576, bulk) })).status).toBe(200)
    const over = await call('POST', '/bulk', { body: padded(1_048_577, bulk) })
    expect([over.status, over.body.code, over.body.limit]).toEqual([413, 'body_too_large', 1_048_576])
  })

  test('an endless body is given up when it is too long, a slow one when it takes too long', async () => {
    const { call, rows } = await given(serve, { bodyTimeout: 300 })
    const before = await rows()
    const long = await soon(call('POST', '', { body: endless(0) }))
    expect([long.status, long.body.code]).toEqual([413, 'body_too_large'])
    const slow = await soon(call('POST', '', { body: endless(50) }))
    expect([slow.status, slow.body.code]).toEqual([408, 'request_timeout'])
    expect(await rows()).toBe(before)
  })

  test.each(queries)('GET /?%s is refused', async query => {
    const { call } = await given(serve)
    const { status, body } = await call('GET', `?${query}`)
    expect([status, body.code, body.errors.length > 0]).toEqual([400, 'invalid_query', true])
  })

  test('a query where none belongs is refused', async () => {
    const { call, pending } = await given(serve)
    const { id } = await pending()
    for (const path of ['/summary?x=1', '/mine?limit=1', `/${id}?include=total`, '/health?x', `/${id}/history?limit=1`]) {
      expect((await call('GET', path)).body.code).toBe('invalid_query')
    }
    expect((await call('POST', `/${id}/revoke?force=1`)).body.code).toBe('invalid_query')
  })

  test('a cursor is of one list, one filter, one sort and one organization', async () => {
    const { call, pending } = await given(serve)
    await pending()
    await pending({ recipient: { email: 'bob@example.com' } })
    const { body } = await call('GET', '?limit=1')
    const refused = async (query: string, as = 'admin', path = '') => {
      const answer = await call('GET', `${path}?${query}`, { as })
      expect([query, answer.status, answer.body.code]).toEqual([query, 400, 'invalid_cursor'])
    }
    await refused(`cursor=${body.nextCursor}&status=pending`)
    await refused(`cursor=${body.nextCursor}&sort=createdAt`)
    await refused(`cursor=${body.nextCursor}`, 'stranger')
    await refused(`cursor=${body.nextCursor}`, 'admin', '/members')
    await refused(`cursor=${body.nextCursor}`, 'admin', `/${body.data[0].id}/history`)
    await refused(`cursor=${body.nextCursor.slice(0, -1)}`)
    await refused('cursor=x')
  })

  test('token and code together are refused, and so is neither', async () => {
    const { call, pending, rows } = await given(serve)
    const { token, code, id } = await pending({ code: true })
    const before = await rows()
    for (const path of ['/preview', '/accept', '/decline', '/renew']) {
      for (const body of [{ token, code }, {}, { token: [token] }, { token, id }, { token: null }, { id: 1 }]) {
        const answer = await call('POST', path, { as: 'ada', body })
        expect([path, body, answer.status, answer.body.code]).toEqual([path, body, 422, 'invalid_input'])
      }
    }
    expect((await call('POST', '/open', { body: { code } })).status).toBe(422)
    expect(await rows()).toBe(before)
  })

  test('an identity in a body is refused', async () => {
    const { call, rows } = await given(serve)
    const before = await rows()
    for (const field of ['organizationId', 'inviterId', 'actor', 'userId', 'status', 'id']) {
      expect((await call('POST', '', { body: { ...JSON.parse(to(ok)), [field]: 'x' } })).body.errors).toEqual([
        { pointer: `/${field}`, detail: 'is not a known field' },
      ])
    }
    expect(await rows()).toBe(before)
  })
}
