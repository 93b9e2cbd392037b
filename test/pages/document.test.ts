// The page as a document: languages, escaping, headers, and the one stylesheet.
import { expect, test } from 'vitest'
import { assetsOf } from '../../adapters/http/pages/assets.ts'
import { html } from '../../adapters/http/pages/html.ts'
import { bob, given, publicUrl } from './given.ts'

test('the headers let in our stylesheet and nothing else', async () => {
  const { invite, visit } = await given()
  const { headers } = await visit((await invite()).token)
  expect(Object.fromEntries(headers)).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex, nofollow',
    'content-security-policy':
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  })
  expect(headers.get('vary')).toBe('Accept-Language, Cookie')
})

test('a way out of the site and a logo are the only things that widen the policy', async () => {
  const pages = { signIn: '/login?next={returnTo}', brand: { logoUrl: 'https://cdn.example/l.png' } }
  const { invite, visit } = await given({ pages })
  const { headers } = await visit((await invite()).token)
  expect(headers.get('content-security-policy')).toContain("img-src https://cdn.example; form-action 'self' https:;")
})

test('the stylesheet is found below any prefix, and its name changes with the brand', async () => {
  const { invites, invite, visit } = await given({ pages: { brand: { color: '#ffee00' } } })
  const [[name, { type, body }] = ['', { type: '', body: '' }]] = assetsOf(invites.config)
  expect(await (await visit((await invite()).token)).text()).toContain(`href="/invites/assets/${name}"`)
  expect([type, name]).toEqual(['text/css; charset=utf-8', expect.stringMatching(/^[\w-]{16}\.css$/)])
  expect(body).toContain('--brand: #ffee00;\n  --on-brand: #000;')
  expect([...assetsOf({ pages: {} }).keys()]).not.toEqual([name])
  expect([...assetsOf({ pages: { brand: { color: 'red}body{display:none' } } }).keys()]).toEqual([
    ...assetsOf({ pages: {} }).keys(),
  ])
})

test.each([
  ['de', 'fr', 'Annehmen', 'ltr'],
  ['pt-BR', 'xx, fr;q=0.5, es;q=0.8', 'Aceptar', 'ltr'],
  ['', 'fr-CA, en', 'Accepter', 'ltr'],
  ['ar', 'en', 'قبول', 'rtl'],
  ['', 'constructor, tlh', 'Accept', 'ltr'],
])('invited in %j, with a browser of %j, the button says %s', async (locale, language, label, dir) => {
  const { invite, visit } = await given()
  const { token } = await invite({ recipient: { email: 'bob@example.com', ...(locale ? { locale } : {}) } })
  const body = await (await visit(token, { actor: bob, language })).text()
  expect(body).toContain(`>${label}</button>`)
  expect(body).toMatch(new RegExp(`^<!doctype html>\\n<html lang="\\w\\w" dir="${dir}">`))
})

test('names are text: escaped, on one line, without what cannot be seen', async () => {
  const name = `<script>alert("1")</script>&'\u202e\u200b${'x'.repeat(100)}`
  const { invite, visit } = await given({ name, pages: { brand: { name: name.slice(0, 100) } } })
  const body = await (await visit((await invite()).token, { actor: { ...bob, email: '"><b>@x.example' } })).text()
  expect(body).not.toMatch(/<script|<b>|[\u202e\u200b]|x{60}/)
  expect(body).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;&#39;')
  expect(body).not.toMatch(/ style=|<style|javascript:|https?:\/\//)
  expect(body).toContain(`href="${new URL(publicUrl).pathname}/assets/`)
})

test('the template escapes values, keeps its own HTML, and drops null', () => {
  const inner = html`<i>${'<'}</i>`
  expect(html`<p title="${'"\''}">${inner}${null}${[inner, inner]}</p>`.html).toBe(
    '<p title="&quot;&#39;"><i>&lt;</i><i>&lt;</i><i>&lt;</i></p>',
  )
})
