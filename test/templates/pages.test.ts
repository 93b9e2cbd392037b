// The pages of an invite with the texts and brand of its template: escaped, and the built-in ones where it has none.
import type { TemplateContent } from 'invitekit'
import { expect, test } from 'vitest'
import { assetNamed } from '../../adapters/http/pages/assets.ts'
import { ada, bob, given, publicUrl } from '../pages/given.ts'

const full: TemplateContent = {
  landing: { header: 'Hello {{ recipient.name }}', description: 'One <b>\n\nof {{ organization.name }}', button: 'Come in' },
  success: { header: 'Welcome to {{ organization.name }}', description: 'You are {{ role }}', button: 'Begin' },
  brand: { name: 'Acme & Co', logoUrl: 'https://cdn.acme.example/l.png', color: '#AA1144' },
}
const hostile = '<script>alert(1)</script>"\u202e{{ role }}'

test('while it can be accepted the page says what the template says', async () => {
  const { invite, visit } = await given({ name: hostile, pages: { signIn: '/login?next={returnTo}' } })
  const { token } = await invite({ template: full, recipient: { email: 'bob@example.com', firstName: hostile } })
  for (const [actor, action] of [
    [null, 'open'],
    [bob, 'accept'],
  ] as const) {
    const response = await visit(token, { actor })
    const body = await response.text()
    expect(body).toContain('<h1>Hello &lt;script&gt;')
    expect(body).toMatch(/<title>Hello &lt;script&gt;/)
    expect(body).toContain('<p class="text">One &lt;b&gt;</p>\n<p class="text">of &lt;script&gt;')
    expect(body).toContain(`value="${action}">Come in</button>`)
    expect(body).toContain('<img src="https://cdn.acme.example/l.png" alt="Acme &amp; Co">')
    expect(body).not.toMatch(/<script|<b>|\u202e/)
    expect(response.headers.get('content-security-policy')).toContain('img-src https://cdn.acme.example')
  }
})

test('without a sign-in of the host’s the page still says how to go on', async () => {
  const { invite, visit } = await given()
  const { token } = await invite({ template: full })
  const body = await (await visit(token)).text()
  expect(body).toContain('of Acme</p>')
  expect(body).toContain('then open this link again')
})

test('a colour has a stylesheet of its own, and only that', async () => {
  const { invites, invite, visit } = await given()
  const body = await (await visit((await invite({ template: full })).token)).text()
  const [, name = ''] = new RegExp(`href="${new URL(publicUrl).pathname}/assets/([^"]+)"`).exec(body) ?? []
  expect(name).toMatch(/^aa1144-[\w-]{16}\.css$/)
  expect(assetNamed(invites.config, name)?.body).toContain('--brand: #aa1144;\n  --on-brand: #fff;')
  const wrong = ['aa1145', 'AA1144', '../../a'].map(hex => assetNamed(invites.config, name.replace('aa1144', hex)))
  expect(wrong).toEqual([null, null, null])
})

test('whoever joined reads the template’s words, and its button leads to the host', async () => {
  const { invite, visit } = await given({ pages: { afterAccept: '/team' } })
  const { token } = await invite({ template: full })
  const joined = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  const body = await joined.text()
  expect(joined.status).toBe(200)
  expect(body).toContain('<h1>Welcome to Acme</h1>')
  expect(body).toContain('<p class="text">You are member</p>')
  expect(body).toContain('<a class="main" href="/team">Begin</a>')
})

test('without a word for those who joined they go straight to the host', async () => {
  const { invite, visit } = await given({ pages: { afterAccept: '/team' } })
  const { token } = await invite({ template: { landing: full.landing } })
  const { status, headers } = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  expect([status, headers.get('location')]).toEqual([303, '/team'])
})

test('a dead invite keeps the brand, and tells what happened in the built-in words', async () => {
  const { invites, invite, visit } = await given()
  const { id, token } = await invite({ template: full })
  await invites.revoke({ id }, { actor: ada })
  const body = await (await visit(token)).text()
  expect(body).not.toContain('Come in')
  expect(body).toContain('alt="Acme &amp; Co"')
})

test('a page whose texts cannot be filled in has the built-in ones, and onError gets the reason', async () => {
  const { invite, visit, reports } = await given()
  const template = { ...full, landing: { header: 'For {{ metadata.project }}' } }
  const { token } = await invite({ template })
  const body = await (await visit(token, { actor: bob })).text()
  expect(body).toContain('Ada Lovelace</bdi> invites you to join')
  expect(body).toContain('alt="Acme &amp; Co"')
  expect(reports).toMatchObject([{ path: 'landing.header' }])
})

test('the language of the invite counts, here too', async () => {
  const { invite, visit } = await given()
  const template = { ...full, locales: { de: { landing: { button: 'Herein' } } } }
  const { token } = await invite({ template, recipient: { email: 'bob@example.com', locale: 'de-CH' } })
  expect(await (await visit(token, { actor: bob })).text()).toContain('>Herein</button>')
})

test('a page of one’s own has the same words from preview', async () => {
  const { invites, invite } = await given()
  const { token } = await invite({ template: full })
  expect((await invites.preview({ token })).template).toEqual({
    landing: { header: 'Hello', description: 'One <b>\n\nof Acme', button: 'Come in' },
    success: { header: 'Welcome to Acme', description: 'You are member', button: 'Begin' },
    brand: { name: 'Acme & Co', logoUrl: 'https://cdn.acme.example/l.png', color: '#AA1144' },
  })
})
