// The pages where nothing can be shown: a person sees a page nevertheless, code that asks for JSON gets a problem.
import { expect, test } from 'vitest'
import { type Actor, fail } from '../../../src/index.ts'
import { type Ask, given, type Serve } from './given.ts'

const asBrowser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': 'de' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const fromElsewhere = { cookie: 'session=1', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
const large = 'x'.repeat(70_000)

/** What a browser may send to the landing page, or the other page, that neither takes. */
const refused: readonly (readonly [what: string, method: string, page: 'i' | 'u', ask: Ask, status: number, code: string])[] = [
  ['a form that is too large', 'POST', 'i', { body: large, headers: form }, 413, 'body_too_large'],
  ['a body that is too large', 'POST', 'u', { body: large, headers: form }, 413, 'body_too_large'],
  [
    'a body that is no form',
    'POST',
    'i',
    { body: 'x', headers: { 'content-type': 'text/plain' } },
    415,
    'unsupported_media_type',
  ],
  [
    'a form of another site',
    'POST',
    'i',
    { body: 'action=open', headers: { ...form, ...fromElsewhere } },
    403,
    'cross_site_request',
  ],
  ['an unknown method', 'PUT', 'i', {}, 405, 'method_not_allowed'],
  ['an unknown method', 'DELETE', 'u', {}, 405, 'method_not_allowed'],
]

export function testPages(serve: Serve): void {
  test.each(refused)(
    '%s (%s /%s) is told on a page, in the language of the reader',
    async (_, method, page, ask, status, code) => {
      const { call, pending, rows } = await given(serve)
      const path = `/${page}/${(await pending()).token}`
      const before = await rows()
      const answer = await call(method, path, { as: '', ...ask, headers: { ...asBrowser, ...ask.headers } })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'text/html; charset=utf-8'])
      expect(answer.text).toMatch(/^<!doctype html>\n<html lang="de".*<h1>Das hat nicht geklappt<\/h1>/s)
      expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
      expect([answer.headers.get('cache-control'), answer.headers.get('referrer-policy')]).toEqual(['no-store', 'same-origin'])
      expect(answer.headers.get('allow')).toBe(status === 405 ? 'GET, HEAD, POST, OPTIONS' : null)
      const json = await call(method, path, { as: '', ...ask, headers: { accept: 'application/json', ...ask.headers } })
      expect([json.status, json.body?.code, json.headers.get('allow')]).toEqual([status, code, answer.headers.get('allow')])
      expect(await rows()).toBe(before)
    },
  )

  test('a storage that is out of reach is told on a page, and to onError', async () => {
    const errors: unknown[] = []
    const gone = async () => {
      throw fail('unavailable', {}, 'password=hunter2')
    }
    const { call } = await given(serve, {
      onError: error => errors.push(error),
      invites: real => ({ ...real, preview: gone, suppressions: { ...real.suppressions, preview: gone } }),
    })
    for (const path of ['/i/x', '/u/x']) {
      const { status, headers, text } = await call('GET', path, { as: '', headers: asBrowser })
      expect([status, headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8'])
      expect(text).toContain('<h1>Das hat nicht geklappt</h1>')
      expect(text).not.toContain('hunter2')
      const head = await call('HEAD', path, { as: '', headers: asBrowser })
      expect([head.status, head.text]).toEqual([503, ''])
    }
    expect(errors).toHaveLength(4)
    expect((await call('GET', '/i/x', { headers: { accept: 'application/json' } })).body.code).toBe('unavailable')
  })

  test('a user whose id is none is told to onError, for the visitor cannot mend it', async () => {
    const errors: unknown[] = []
    const nobody: Actor = { userId: 'x'.repeat(300), emailVerified: false }
    const { call, pending } = await given((invites, hooks) => serve(invites, { ...hooks, actor: () => nobody }), {
      onError: error => errors.push(error),
      invites: real => ({ ...real, create: input => real.create(input, { actor: 'system', organizationId: 'acme' }) }),
    })
    const { token } = await pending()
    expect((await call('GET', `/i/${token}`, { headers: asBrowser })).text).toContain('<h1>Das hat nicht geklappt</h1>')
    expect(errors).toMatchObject([{ facts: { errors: [{ path: 'actor.userId' }] } }])
  })
}
