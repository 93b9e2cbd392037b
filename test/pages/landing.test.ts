// The landing page, state by state: what it shows, which ways on it offers, and what looking at it changes (nothing).
import { expect, test } from 'vitest'
import { bob, eve, given, ways } from './given.ts'

const day = 86_400_000
const signIn = 'https://login.acme.example/in?next={returnTo}'
const page = (token: string) => `https://app.example.com/invites/i/${token}`
const back = (token: string) => `https://login.acme.example/in?next=${encodeURIComponent(page(token))}`

test('looking changes nothing, by GET or HEAD, signed in or not', async () => {
  const { invite, visit, look } = await given({ pages: { signIn } })
  const { id, token } = await invite()
  const before = await look(id)
  for (const actor of [null, bob, eve]) {
    const get = await visit(token, { actor })
    const head = await visit(token, { actor, method: 'HEAD' })
    expect([get.status, head.status]).toEqual([200, 200])
    expect(await head.text()).toBe('')
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers))
  }
  expect(await look(id)).toEqual(before)
})

test('who is not signed in goes on to the sign-in, with the way back made from publicUrl alone', async () => {
  const { invite, visit, look } = await given({ pages: { signIn } })
  const { id, token } = await invite()
  const body = await (await visit(token)).text()
  expect(body).toContain('<bdi>Ada Lovelace</bdi> invites you to join <bdi>Acme</bdi>')
  expect(body).toContain('May 13, 2024 at 12:00')
  expect(ways(body)).toEqual(['open', 'decline'])
  const gone = await visit(token, { form: { action: 'open' } })
  expect([gone.status, gone.headers.get('location')]).toEqual([303, back(token)])
  expect((await look(id)).openedAt).not.toBeNull()
})

test('an address without an account goes to the sign-up', async () => {
  const pages = { signIn, signUp: ({ returnTo }: { returnTo: string }) => `/join?to=${encodeURIComponent(returnTo)}` }
  const { invite, visit } = await given({ pages, hasAccount: false })
  const { token } = await invite()
  const gone = await visit(token, { form: { action: 'open' } })
  expect(gone.headers.get('location')).toBe(`/join?to=${encodeURIComponent(page(token))}`)
})

test.each([
  ['nothing', () => undefined, '`pages.signIn` must give a path such as /team or an https address, not undefined.'],
  ['a promise', () => Promise.reject(new Error('too late')), 'not a promise.'],
  ['a text that is no place', ({ returnTo }) => `login?next=${returnTo}` as never, 'not another text.'],
  ['an error', () => JSON.parse('{'), 'SyntaxError'],
] as [string, (page: { returnTo: string }) => never, string][])(
  'a sign-in that answers %s is reported, and the page goes without',
  async (_, signIn, said) => {
    const { invite, visit, reports } = await given({ pages: { signIn } })
    const { token } = await invite()
    const shown = await visit(token)
    expect([shown.status, ways(await shown.text())]).toEqual([200, ['decline']])
    expect((await visit(token, { form: { action: 'open' } })).status).toBe(200)
    expect(reports.length).toBeGreaterThan(0)
    for (const report of reports) expect(String(report)).toContain(said)
    expect(reports.join()).not.toContain(token)
  },
)

test('without a sign-in the page says to sign in to the app first', async () => {
  const { invite, visit, look } = await given({ pages: { brand: { name: 'Atelier' } } })
  const { id, token } = await invite()
  const body = await (await visit(token)).text()
  expect(body).toContain('Sign in to <bdi>Atelier</bdi> first')
  expect(ways(body)).toEqual(['decline'])
  expect((await visit(token, { form: { action: 'open' } })).status).toBe(200)
  expect((await look(id)).openedAt).not.toBeNull()
})

test('the invited account sees which it is, accepts, and is in', async () => {
  const { invite, visit, look } = await given()
  const { id, token } = await invite()
  const body = await (await visit(token, { actor: bob })).text()
  expect(body).toContain('bob@example.com')
  expect(body).toContain('name="role" value="member"')
  expect(ways(body)).toEqual(['accept', 'decline'])
  const joined = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  expect([joined.status, await joined.text()]).toEqual([200, expect.stringContaining('You are in')])
  expect((await look(id)).status).toBe('accepted')
  const again = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  expect(again.status).toBe(200)
})

test.each([
  ['/team?new=1', '/team?new=1'],
  ['https://app.acme.example/team', 'https://app.acme.example/team'],
  [({ organizationId, role }: { organizationId: string; role: string }) => `/${organizationId}/${role}`, '/acme/member'],
])('after acceptance the host goes on: %s', async (afterAccept, place) => {
  const { invite, visit } = await given({ pages: { afterAccept } })
  const { token } = await invite()
  const gone = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  expect([gone.status, gone.headers.get('location')]).toEqual([303, place])
})

test.each([
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  'http://evil.example/',
  'https://u:p@evil.example/',
  'team',
  undefined,
  Promise.resolve('/team'),
])('after acceptance nobody is sent to %s: it is reported, and the page says so itself', async place => {
  const { invite, visit, reports } = await given({ pages: { afterAccept: (() => place) as () => string } })
  const { token } = await invite()
  const joined = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  expect([joined.status, joined.headers.get('location')]).toEqual([200, null])
  expect(String(reports[0])).toContain('`pages.afterAccept`')
})

test('another account is told so, its own address in full and the recipient’s masked, and burns nothing', async () => {
  const { invite, visit, look } = await given({ pages: { signIn } })
  const { id, token } = await invite()
  const refused = await visit(token, { actor: eve, form: { action: 'accept', role: 'member' } })
  const body = await refused.text()
  expect(body).toContain('b…@example.com')
  expect(body).toContain('eve@elsewhere.example')
  expect(body).not.toContain('bob@example.com')
  expect(ways(body)).toEqual([back(token)])
  expect((await look(id)).status).toBe('pending')
})

test('an unverified address is told to be confirmed first', async () => {
  const { invite, visit } = await given()
  const { token } = await invite()
  const body = await (await visit(token, { actor: { ...bob, emailVerified: false }, form: { action: 'accept' } })).text()
  expect(body).toContain('Confirm your address first')
  expect(ways(body)).toEqual(['accept'])
})

test('a role that changed under the page is shown anew, not accepted', async () => {
  const { invites, invite, visit, look } = await given()
  const { id, token } = await invite()
  await invites.update({ id, role: 'viewer' }, { actor: 'system', organizationId: 'acme' })
  const shown = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  const body = await shown.text()
  expect(shown.status).toBe(409)
  expect(body).toContain('role="status"')
  expect(body).toContain('name="role" value="viewer"')
  expect((await look(id)).status).toBe('pending')
})

test('declining needs no account, and says goodbye; after that the link is gone', async () => {
  const { invite, visit, look } = await given()
  const { id, token } = await invite()
  const bye = await visit(token, { form: { action: 'decline' } })
  expect([bye.status, await bye.text()]).toEqual([200, expect.stringContaining('You declined')])
  expect((await look(id)).status).toBe('declined')
  expect((await visit(token)).status).toBe(410)
})

test('expired and revoked read the same, and a new one can be asked for', async () => {
  const { invites, invite, visit, pass } = await given()
  const revoked = await invite({ recipient: { email: 'eva@example.com' } })
  await invites.revoke({ id: revoked.id }, { actor: 'system', organizationId: 'acme' })
  const expired = await invite()
  pass(8 * day)
  const [one, other] = [await visit(expired.token), await visit(revoked.token)]
  expect([one.status, other.status]).toEqual([410, 410])
  const body = await one.text()
  expect(body).toContain('has expired')
  expect(ways(body)).toEqual(['renew'])
  expect(body).toBe(await other.text())
  const asked = await visit(expired.token, { form: { action: 'renew' } })
  expect([asked.status, await asked.text()]).toEqual([200, expect.stringContaining('We passed it on')])
  const { data } = await invites.history({ id: expired.id }, { actor: 'system', organizationId: 'acme' })
  expect(data.map(({ type }) => type)).toContain('invite.renewal_requested')
})

test('accepted already, used up, full and member already are conflicts with a way out', async () => {
  const { invites, invite, visit, limit } = await given({ pages: { afterAccept: '/team' } })
  const { token } = await invite()
  limit({ seats: 0 })
  const full = await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  expect([full.status, ways(await full.text())]).toEqual([409, ['accept', 'decline']])
  limit({})
  await visit(token, { actor: bob, form: { action: 'accept', role: 'member' } })
  const accepted = await visit(token, { actor: bob })
  expect([accepted.status, ways(await accepted.text())]).toEqual([409, ['/team']])

  const link = await invites.create({ kind: 'open', role: 'member', maxUses: 1 }, { actor: 'system', organizationId: 'acme' })
  const open = link.link.slice(link.link.lastIndexOf('/') + 1)
  const member = await visit(open, { actor: bob, form: { action: 'accept', role: 'member' } })
  expect([member.status, await member.text()]).toEqual([409, expect.stringContaining('You are a member already')])
  expect((await visit(open, { actor: eve, form: { action: 'accept' } })).status).toBe(303)
  const used = await visit(open)
  expect([used.status, await used.text()]).toEqual([409, expect.stringContaining('This link is used up')])
})

test.each(['nonsense', 'x'.repeat(5000), ''])('a token that opens nothing is not found: %.20s', async token => {
  const { visit } = await given()
  for (const form of [undefined, { action: 'accept' }, { action: 'open' }, { action: 'decline' }, { action: 'renew' }]) {
    const answer = await visit(token, { actor: bob, ...(form ? { form } : {}) })
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('There is no invite here')])
  }
})

test('a form that asks for nothing we know shows the page and changes nothing', async () => {
  const { invite, visit, look } = await given()
  const { id, token } = await invite()
  const before = await look(id)
  for (const form of [{}, { action: 'erase' }, { action: 'accept', role: 'x'.repeat(9000) }]) {
    expect((await visit(token, { actor: bob, form })).status).toBeLessThan(500)
  }
  expect(await look(id)).toEqual(before)
})
