// What stands before the calls: repeats, other sites, and how often strangers may knock.
import { expect, test } from 'vitest'
import { given, publicUrl, type Serve } from './given.ts'

const ada = { recipient: { email: 'ada@example.com' }, role: 'member' }
const bob = { recipient: { email: 'bob@example.com' }, role: 'member' }

export function testGuards(serve: Serve): void {
  test('the same Idempotency-Key and body give the same answer, bare or quoted, and say so', async () => {
    const { call, mailbox } = await given(serve)
    const first = await call('POST', '', { body: ada, headers: { 'idempotency-key': '"a b"' } })
    const again = await call('POST', '', { body: ada, headers: { 'idempotency-key': 'a b' } })
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null])
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
    expect([again.body.invite.id, again.body.link, again.headers.get('location')]).toEqual([
      first.body.invite.id,
      first.body.link,
      first.headers.get('location'),
    ])
    expect(mailbox.messages).toHaveLength(1)
  })

  test('a key is bound to body, route and actor; only successes are kept', async () => {
    const { call, pending } = await given(serve, { limits: { pending: 2 } })
    const { id } = await pending()
    const headers = { 'idempotency-key': 'k'.repeat(255) }
    expect((await call('POST', '', { body: ada, headers })).status).toBe(409)
    expect((await call('POST', '', { body: bob, headers })).status).toBe(201)
    const other = await call('POST', '', { body: ada, headers })
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch'])
    expect((await call('POST', '', { as: 'owner', body: bob, headers })).body.code).toBe('already_invited')
    expect((await call('POST', `/${id}/resend`, { headers })).status).toBe(200)
    const resent = await call('POST', `/${id}/resend`, { headers })
    expect([resent.status, resent.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
    expect((await call('POST', `/${id}/revoke`, { headers })).status).toBe(200)
    expect((await call('POST', `/${id}/revoke`, { headers })).headers.get('idempotent-replayed')).toBe('true')
    expect((await call('POST', `/${id}/erase`, { headers })).status).toBe(204)
    expect((await call('POST', `/${id}/erase`, { headers })).status).toBe(204)
  })

  test('a bulk is repeated as a whole', async () => {
    const { call, mailbox } = await given(serve)
    const body = { invites: [ada, bob] }
    const headers = { 'idempotency-key': 'b1' }
    const first = await call('POST', '/bulk', { body, headers })
    const again = await call('POST', '/bulk', { body, headers })
    expect([again.body.created, again.headers.get('idempotent-replayed')]).toEqual([2, 'true'])
    expect(again.body.results.map((each: { link: string }) => each.link)).toEqual(
      first.body.results.map((each: { link: string }) => each.link),
    )
    expect(mailbox.messages).toHaveLength(2)
  })

  test.each(['k'.repeat(256), '""', 'caf\u00e9'])('the key %j is refused', async key => {
    const { call } = await given(serve)
    const { status, body } = await call('POST', '', { body: ada, headers: { 'idempotency-key': key } })
    expect([status, body.code]).toEqual([422, 'invalid_input'])
  })

  const cookie = { cookie: 'session=1' }
  const basic = { authorization: 'Basic eDp5' }
  test.each([
    ['a cookie alone', cookie],
    ['Basic alone', basic],
    ['a cookie from another site', { ...cookie, 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a cookie from a sibling', { ...cookie, 'sec-fetch-site': 'same-site', origin: 'https://evil.app.example.com' }],
    ['a cookie from nowhere', { ...cookie, origin: 'null' }],
    ['a cookie from an origin that only begins alike', { ...cookie, origin: 'https://app.example.com.evil.example' }],
    ['a cookie by the address bar', { ...cookie, 'sec-fetch-site': 'none' }],
    ['a cookie and Basic', { ...cookie, ...basic }],
  ])('%s may not change anything', async (_, headers: Record<string, string>) => {
    const { call, pending, rows } = await given(serve)
    const { id, token } = await pending()
    const before = await rows()
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' }
    for (const answer of [
      await call('POST', '', { body: bob, headers }),
      await call('PATCH', `/${id}`, { body: { role: 'viewer' }, headers }),
      await call('POST', `/${id}/revoke`, { headers }),
      await call('POST', '/accept', { as: 'ada', body: { token }, headers }),
      await call('POST', `/i/${token}`, { as: 'ada', body: 'action=accept', headers: { accept: 'application/json', ...form } }),
    ]) {
      expect([answer.status, answer.body?.code]).toEqual([403, 'cross_site_request'])
    }
    expect(await rows()).toBe(before)
    expect((await call('GET', `/${id}`, { headers })).status).toBe(200)
  })

  test.each([
    ['a cookie from the same origin', { ...cookie, 'sec-fetch-site': 'same-origin' }],
    ['a cookie from the origin of publicUrl', { ...cookie, origin: new URL(publicUrl).origin }],
    ['a cookie from a trusted origin', { ...cookie, origin: 'https://admin.example.com', 'sec-fetch-site': 'cross-site' }],
    ['a cookie beside a Bearer token', { ...cookie, authorization: 'Bearer x' }],
    ['a cookie beside an API key', { ...cookie, 'x-api-key': 'x' }],
    ['neither cookie nor credentials', { origin: 'https://evil.example' }],
  ])('%s may', async (_, headers: Record<string, string>) => {
    const { call, pending } = await given(serve, { trustedOrigins: ['https://admin.example.com'] })
    const { id } = await pending()
    expect((await call('POST', `/${id}/revoke`, { headers })).status).toBe(200)
  })

  test('with a cookie even an empty form is 415, except on the landing page', async () => {
    const { call, pending } = await given(serve)
    const { id, token } = await pending()
    const headers = { ...cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
    expect((await call('POST', `/${id}/revoke`, { body: '', headers })).status).toBe(415)
    expect((await call('POST', `/i/${token}`, { as: 'ada', body: 'action=open', headers })).status).toBeLessThan(400)
  })

  test('a client may ask 60 times a minute', async () => {
    const { call, pending, clock } = await given(serve)
    const { token } = await pending()
    const ask = (client: string) => call('POST', '/preview', { as: '', body: { token }, headers: { 'x-client': client } })
    for (let at = 0; at < 60; at += 1) expect((await ask('2001:db8:0:1::1')).status).toBe(200)
    const over = await ask('2001:db8::1:ffff:0:0:2')
    expect([over.status, over.body.code, over.body.limit]).toEqual([429, 'rate_limited', 60])
    const wait = Number(over.headers.get('retry-after'))
    expect(wait).toBeGreaterThanOrEqual(1)
    expect(wait).toBeLessThanOrEqual(60)
    expect((await ask('2001:db8:0:2::1')).status).toBe(200)
    expect((await call('GET', `/i/${token}`, { headers: { 'x-client': '2001:DB8:0:1:0:0:0:9%eth0' } })).status).toBe(429)
    expect((await call('GET', '', { headers: { 'x-client': '2001:db8:0:1::1' } })).status).toBe(200)
    clock.advance('61s')
    expect((await ask('2001:db8:0:1::1')).status).toBe(200)
  })

  test('whoever opens a link too often sees a page that says so, in their language, and when to come again', async () => {
    const { call, pending, clock } = await given(serve, { publicLimits: { perClient: 2, answersPerInvite: 1 } })
    const { token } = await pending()
    const ask = (method: string, path: string, client = '192.0.2.1', body?: string) => {
      const type: Record<string, string> = body ? { 'content-type': 'application/x-www-form-urlencoded' } : {}
      const headers = { accept: 'text/html', 'accept-language': 'de', 'x-client': client, ...type }
      return call(method, path, { as: '', body, headers })
    }
    const look = `/i/${token}`
    const answers = [await ask('GET', look), await ask('GET', look), await ask('POST', look, '192.0.2.2', 'action=renew')]
    expect(answers.filter(({ status }) => status === 429)).toEqual([])
    for (const over of [
      await ask('GET', look),
      await ask('POST', look, '192.0.2.1', 'action=decline'),
      await ask('POST', look, '192.0.2.2', 'action=decline'),
      await ask('GET', '/u/forged'),
      await ask('POST', '/u/forged', '192.0.2.1', 'action=stop'),
    ]) {
      expect([over.status, over.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8'])
      expect(over.text).toMatch(/^<!doctype html>\n<html lang="de".*<h1>Einen Moment/s)
      expect(over.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect(Number(over.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(Number(over.headers.get('retry-after'))).toBeLessThanOrEqual(60)
    }
    const head = await ask('HEAD', look)
    expect([head.status, head.text, head.headers.has('retry-after')]).toEqual([429, '', true])
    clock.advance('61s')
    expect((await ask('GET', look)).status).toBe(200)
  })

  test('an invite takes 10 answers a minute, whoever gives them', async () => {
    const { call, pending } = await given(serve)
    const { token } = await pending()
    for (let at = 0; at < 10; at += 1) {
      const answer = await call('POST', '/accept', { as: 'bob', body: { token }, headers: { 'x-client': `192.0.2.${at}` } })
      expect(answer.body.code).toBe('recipient_mismatch')
    }
    expect((await call('POST', '/accept', { as: 'ada', body: { token } })).body.code).toBe('rate_limited')
    expect((await call('POST', '/decline', { as: '', body: { token } })).body.code).toBe('rate_limited')
    expect((await call('POST', '/preview', { as: '', body: { token } })).status).toBe(200)
    const other = await pending({ recipient: { email: 'bob@example.com' } })
    expect((await call('POST', '/accept', { as: 'bob', body: { token: other.token } })).status).toBe(200)
  })

  test('codes are tried 10 times in 10 minutes by one client, and not even the right one after that', async () => {
    const { call, pending, clock } = await given(serve)
    const { code } = await pending({ code: true })
    const guess = (code: string, client: string) =>
      call('POST', '/preview', { as: '', body: { code }, headers: { 'x-client': client } })
    for (let at = 0; at < 10; at += 1) expect((await guess(`WRONG${at}`, '192.0.2.7')).status).toBe(404)
    expect((await guess(code, '192.0.2.7')).body.code).toBe('rate_limited')
    expect((await guess(code, '::ffff:192.0.2.7')).body.code).toBe('rate_limited')
    expect((await guess(code, '192.0.2.8')).status).toBe(200)
    clock.advance('10m')
    expect((await guess(code, '192.0.2.7')).status).toBe(200)
  })

  test('a code counts alike however it is spelled: as a guess of its client, and as an answer to its invite', async () => {
    const { call, pending } = await given(serve, { publicLimits: { codesPerClient: 3, answersPerInvite: 3 } })
    const { code } = await pending({ code: true })
    const spelled = (code: string) => [
      code,
      `${code.slice(0, 5)}-${code.slice(5)}`,
      ` ${[...code].join(' ')} `,
      code.toLowerCase(),
    ]
    const guesses = []
    for (const wrong of spelled('AAAAAAAAAA')) guesses.push(await call('POST', '/preview', { as: '', body: { code: wrong } }))
    expect(guesses.map(({ status }) => status)).toEqual([404, 404, 404, 429])
    const answers = []
    for (const [at, right] of spelled(code).entries()) {
      const headers = { 'x-client': `192.0.2.${at + 10}` }
      answers.push(await call('POST', '/accept', { as: 'bob', body: { code: right }, headers }))
    }
    expect(answers.map(({ body }) => body.code)).toEqual([...Array(3).fill('recipient_mismatch'), 'rate_limited'])
  })

  test('a right code is no guess', async () => {
    const { call, pending } = await given(serve, { publicLimits: { codesPerClient: 2 } })
    const { code } = await pending({ code: true })
    const answers = []
    for (let at = 0; at < 5; at += 1) answers.push(await call('POST', '/preview', { body: { code } }))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  })

  test('guesses that come all at once are counted before they are compared', async () => {
    const { call, pending } = await given(serve, { publicLimits: { codesPerClient: 5 } })
    await pending({ code: true })
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) => call('POST', '/preview', { body: { code: `WRONG${at}` } })),
    )
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35)
  })
}
