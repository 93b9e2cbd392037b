// Every refusal with its status, its code and its facts.
import { expect, test } from 'vitest'
import { fail, type RejectionCode } from '../../../src/index.ts'
import { given, type Serve } from './given.ts'

const missing = '/00000000-0000-7000-8000-000000000000'

/** By hand from http.md. */
const statuses: { readonly [C in RejectionCode]: number } = {
  invalid_cursor: 400,
  unauthenticated: 401,
  forbidden: 403,
  role_not_grantable: 403,
  recipient_mismatch: 403,
  email_unverified: 403,
  inviter_unauthorized: 403,
  cross_site_request: 403,
  invite_not_found: 404,
  template_not_found: 404,
  already_invited: 409,
  already_member: 409,
  invite_already_accepted: 409,
  not_declinable: 409,
  role_changed: 409,
  pending_limit_reached: 409,
  seat_limit_reached: 409,
  uses_exhausted: 409,
  template_in_use: 409,
  invite_expired: 410,
  invite_revoked: 410,
  invite_declined: 410,
  invalid_input: 422,
  role_unknown: 422,
  bulk_too_large: 422,
  channel_unavailable: 422,
  template_invalid: 422,
  idempotency_mismatch: 422,
  resend_too_soon: 429,
  rate_limited: 429,
  not_migrated: 503,
  unavailable: 503,
}

const codes = Object.keys(statuses).filter((code): code is RejectionCode => code in statuses)

export function testRefusals(serve: Serve): void {
  test.each(codes)('%s has its status', async code => {
    const errors: unknown[] = []
    const { call } = await given(serve, {
      onError: error => errors.push(error),
      invites: real => ({
        ...real,
        revoke: async () => {
          throw fail(code, { errors: [{ path: 'a.b', detail: 'no' }], retryAfter: 7, expiresAt: new Date(0) } as never)
        },
      }),
    })
    const { status, headers, body } = await call('POST', `${missing}/revoke`)
    expect([status, body.status, body.code]).toEqual([statuses[code], statuses[code], code])
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({ title: expect.any(String), detail: expect.any(String), requestId: expect.any(String) })
    expect(body.errors).toEqual([{ pointer: '/a/b', detail: 'no' }])
    expect(headers.get('retry-after')).toBe(status === 429 ? '7' : null)
    expect(headers.has('www-authenticate')).toBe(status === 401)
    expect(errors).toHaveLength(status === 503 ? 1 : 0)
  })

  const routes: [string, string][] = [
    ['POST', ''],
    ['POST', '/bulk'],
    ['GET', ''],
    ['GET', missing],
    ['PATCH', missing],
    ['POST', `${missing}/resend`],
    ['POST', `${missing}/revoke`],
    ['POST', `${missing}/erase`],
    ['GET', `${missing}/history`],
    ['GET', '/summary'],
    ['GET', '/members'],
    ['GET', '/mine'],
    ['POST', '/accept'],
  ]
  test.each(routes)('%s %s without an actor is 401, whatever the body', async (method, path) => {
    const { call, rows } = await given(serve)
    const before = await rows()
    const { status, headers, body } = await call(method, path, { as: '', ...(method === 'GET' ? {} : { body: 'x' }) })
    expect([status, body.code, headers.has('www-authenticate')]).toEqual([401, 'unauthenticated', true])
    expect(await rows()).toBe(before)
  })

  test('an actor without an organization, or whose role grants nothing, is forbidden', async () => {
    const { call, pending } = await given(serve)
    const { id } = await pending()
    for (const as of ['homeless', 'viewer']) {
      const answers = [
        await call('GET', '', { as }),
        await call('GET', `/${id}`, { as }),
        await call('POST', `/${id}/revoke`, { as }),
        await call('POST', '', { as, body: { recipient: { email: 'b@example.com' }, role: 'member' } }),
      ]
      expect(answers.map(({ status, body }) => [status, body.code])).toEqual(answers.map(() => [403, 'forbidden']))
    }
  })

  test("another organization's invite is not found, and neither is an id that is none", async () => {
    const { call, pending, rows } = await given(serve)
    const { id } = await pending()
    const before = await rows()
    for (const [as, path] of [
      ['stranger', `/${id}`],
      ['admin', missing],
      ['admin', '/nope'],
      ['admin', '/%00'],
      ['admin', '/%zz'],
    ] as const) {
      for (const [method, rest] of [
        ['GET', ''],
        ['PATCH', ''],
        ['POST', '/revoke'],
        ['POST', '/resend'],
        ['POST', '/erase'],
        ['GET', '/history'],
      ] as const) {
        const { status, body } = await call(method, path + rest, { as })
        expect([path, method, rest, status, body.code]).toEqual([path, method, rest, 404, 'invite_not_found'])
      }
    }
    expect(await rows()).toBe(before)
  })

  test('every bad token gets the same answer', async () => {
    const { call, pending } = await given(serve, { publicLimits: { perClient: 1000 } })
    const { token } = await pending()
    const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`
    const answers = []
    for (const path of ['/preview', '/open', '/decline', '/renew']) {
      for (const bad of [' ', 'x', forged, `${token}=`, 'é'.repeat(20), 'A'.repeat(64)]) {
        const { status, body } = await call('POST', path, { as: '', body: { token: bad } })
        answers.push(JSON.stringify([status, { ...body, requestId: '' }]))
      }
    }
    expect([...new Set(answers)]).toHaveLength(1)
    expect(answers[0]).toMatch(/^\[404,\{"code":"invite_not_found"/)
  })

  test('the wrong account hears whom the invite is for, masked; an unverified one what to do', async () => {
    const { call, pending, rows } = await given(serve)
    const { token } = await pending()
    const before = await rows()
    const wrong = await call('POST', '/accept', { as: 'bob', body: { token } })
    expect([wrong.status, wrong.body.code, wrong.body.recipient]).toEqual([403, 'recipient_mismatch', 'a…@example.com'])
    const unverified = await call('POST', '/accept', { as: 'unverified', body: { token } })
    expect([unverified.status, unverified.body.code]).toEqual([403, 'email_unverified'])
    const changed = await call('POST', '/accept', { as: 'ada', body: { token, role: 'admin' } })
    expect([changed.status, changed.body.code, changed.body.role]).toEqual([409, 'role_changed', 'member'])
    expect(await rows()).toBe(before)
  })

  test('facts come along: existingId, limit, retryAfter, roles', async () => {
    const { call, pending } = await given(serve, { limits: { pending: 1, bulk: 2, resendCooldown: '1m' } })
    const { id } = await pending()
    const email = (email: string, role = 'member') => ({ recipient: { email }, role })
    expect((await call('POST', '', { body: email('ADA@example.com') })).body).toMatchObject({
      code: 'already_invited',
      existingId: id,
    })
    expect((await call('POST', '', { body: email('b@example.com') })).body).toMatchObject({
      code: 'pending_limit_reached',
      limit: 1,
    })
    expect((await call('POST', '', { body: email('b@example.com', 'king') })).body).toMatchObject({
      code: 'role_unknown',
      role: 'king',
    })
    expect((await call('POST', '', { body: email('b@example.com', 'owner') })).body).toMatchObject({
      code: 'role_not_grantable',
    })
    const bulk = { invites: ['b', 'c', 'd'].map(name => email(`${name}@example.com`)) }
    expect((await call('POST', '/bulk', { body: bulk })).body).toMatchObject({ code: 'bulk_too_large', status: 422, limit: 2 })
    const soon = await call('POST', `/${id}/resend`)
    expect([soon.status, soon.headers.get('retry-after'), soon.body.retryAfter]).toEqual([429, '60', 60])
    expect((await call('POST', '', { body: { ...email('b@example.com'), channels: ['pigeon'] } })).body.status).toBe(422)
  })

  test('an unknown path falls through, an unknown method is 405 with Allow, OPTIONS tells', async () => {
    const { call } = await given(serve)
    expect((await call('GET', '/a/b/c/d')).status).toBe(404)
    expect((await call('GET', `${missing}/`)).status).toBe(404)
    const wrong = await call('DELETE', missing)
    expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([
      405,
      'method_not_allowed',
      'GET, HEAD, PATCH, OPTIONS',
    ])
    expect((await call('POST', '/summary')).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect((await call('GET', '/accept')).headers.get('allow')).toBe('POST, OPTIONS')
    const options = await call('OPTIONS', '', { as: '' })
    expect([options.status, options.text, options.headers.get('allow')]).toEqual([204, '', 'POST, GET, HEAD, OPTIONS'])
  })

  test('a dead invite says how it died', async () => {
    const { call, pending, clock } = await given(serve)
    const answer = async (token: string) => {
      const { status, body } = await call('POST', '/accept', { as: 'ada', body: { token } })
      return [status, body.code]
    }
    const revoked = await pending()
    await call('POST', `/${revoked.id}/revoke`)
    expect(await answer(revoked.token)).toEqual([410, 'invite_revoked'])
    const declined = await pending()
    await call('POST', '/decline', { as: 'ada', body: { token: declined.token } })
    expect(await answer(declined.token)).toEqual([410, 'invite_declined'])
    const expired = await pending()
    clock.advance('8d')
    expect(await answer(expired.token)).toEqual([410, 'invite_expired'])
    const used = await pending()
    expect(await answer(used.token)).toEqual([200, undefined])
    expect((await call('POST', '/decline', { as: 'ada', body: { token: used.token } })).body.code).toBe(
      'invite_already_accepted',
    )
    const open = await call('POST', '', { body: { kind: 'open', role: 'member', maxUses: 1 } })
    const token = open.body.link.split('/').at(-1)
    expect((await call('POST', '/decline', { as: 'bob', body: { token } })).body.code).toBe('not_declinable')
    expect((await call('POST', '/accept', { as: 'ada', body: { token } })).body.code).toBe('already_member')
    await call('POST', '/accept', { as: 'bob', body: { token } })
    expect((await call('POST', '/accept', { as: 'homeless', body: { token } })).body.code).toBe('uses_exhausted')
  })
}
