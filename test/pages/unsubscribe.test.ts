// The page behind an unsubscribe link: what it shows, in which language, and that only a POST does anything.
import { expect, test } from 'vitest'
import { unsubscribePage } from '../../adapters/http/pages/unsubscribe/unsubscribe.ts'
import { captureTransport, createTestInvites } from '../../adapters/testing/index.ts'
import { ways } from './given.ts'

const system = { actor: 'system', organizationId: 'acme' } as const
const to = { email: 'bob@example.com' }

async function given({ name = 'Acme', locale, brand = {} }: { name?: string; locale?: string; brand?: object } = {}) {
  const links: string[] = []
  const email = captureTransport(({ headers }) => void links.push(headers['List-Unsubscribe'] ?? ''))
  const directory = { organization: () => ({ name }) }
  const { invites } = await createTestInvites({ transports: { email }, directory, pages: { brand } })
  const { invite } = await invites.create({ recipient: { ...to, locale }, role: 'member' }, system)
  const signed = /\/u\/([\w-]+)>$/.exec(links[0] ?? '')?.[1] ?? ''
  const visit = async (form?: string, { method = form === undefined ? 'GET' : 'POST', language = 'en', as = signed } = {}) => {
    const headers = new Headers({ 'accept-language': language, 'content-type': 'application/x-www-form-urlencoded' })
    const body = form === undefined ? undefined : new TextEncoder().encode(form)
    const response = await unsubscribePage(invites, { signed: as, request: { method, headers }, body })
    const page = await response.text()
    return { response, page, title: /<title>(.*)<\/title>/.exec(page)?.[1], ways: ways(page) }
  }
  return { invites, invite, signed, visit, suppressed: () => invites.suppressions.has(to, system) }
}

test('GET and HEAD show what could be done, and do nothing', async () => {
  const { visit, suppressed } = await given()
  const { response, page, title, ways } = await visit()
  expect([response.status, title, ways]).toEqual([200, 'No more invites from Acme?', ['stop']])
  expect(page).toContain('<bdi class="address">b…@example.com</bdi>')
  const head = await visit(undefined, { method: 'HEAD' })
  expect([head.response.status, head.page, await suppressed()]).toEqual([200, '', false])
})

test('the button stops them, the next one undoes it, and again', async () => {
  const { visit, suppressed } = await given()
  const states = []
  for (const form of ['action=stop', 'action=stop', 'action=again', 'action=again', 'List-Unsubscribe=One-Click']) {
    const { response, title, ways } = await visit(form)
    states.push([response.status, title, ...ways, await suppressed()])
  }
  const stopped = [200, 'No more invites from Acme', 'again', true]
  const resumed = [200, 'Invites from Acme may reach you again', 'stop', false]
  expect(states).toEqual([stopped, stopped, resumed, resumed, stopped])
  expect((await visit()).ways).toEqual(['again'])
})

test.each(['', 'action=delete', 'List-Unsubscribe=Two-Clicks', 'list-unsubscribe=One-Click', '{"action":"stop"}'])(
  'a POST of %j says neither, and changes nothing',
  async form => {
    const { visit, suppressed } = await given()
    expect([(await visit(form)).response.status, await suppressed()]).toEqual([200, false])
  },
)

test('a forged link, or one that is no link of this kind, is 404 and changes nothing', async () => {
  const { visit, invites, invite, signed, suppressed } = await given()
  const { link } = await invites.link({ id: invite.id }, system)
  for (const as of [signed.replace(/.$/, last => (last === 'A' ? 'B' : 'A')), link.split('/').at(-1) ?? '', 'x', '']) {
    const { response, title, ways } = await visit('action=stop', { as })
    expect([response.status, title, ways]).toEqual([404, 'This link does not work', []])
  }
  expect(await suppressed()).toBe(false)
})

test('once the invite is erased the page names nobody, and works', async () => {
  const { visit, invites, invite, suppressed } = await given()
  await invites.erase({ id: invite.id }, system)
  expect((await visit()).page).toContain('this address')
  await visit('List-Unsubscribe=One-Click')
  expect(await suppressed()).toBe(true)
})

test.each([
  ['de', 'Keine Einladungen mehr von Acme?', 'Einladungen abbestellen', 'ltr'],
  ['es', '¿No recibir más invitaciones de Acme?', 'Dejar de recibirlas', 'ltr'],
  ['fr', 'Ne plus recevoir d’invitations de Acme ?', 'Ne plus en recevoir', 'ltr'],
  ['ar', 'إيقاف الدعوات من Acme؟', 'إيقاف الدعوات', 'rtl'],
  ['tlh', 'No more invites from Acme?', 'Stop invites', 'ltr'],
])('to somebody who was invited in %s', async (locale, heading, label, dir) => {
  const { visit } = await given({ locale })
  const { page, title } = await visit(undefined, { language: 'xx' })
  expect(title).toBe(heading)
  expect(page).toContain(`>${label}</button>`)
  expect(page).toMatch(new RegExp(`^<!doctype html>\\n<html lang="\\w\\w" dir="${dir}">`))
})

test('names are escaped, the stylesheet is ours, and the form goes nowhere else', async () => {
  const name = '<script>alert(1)</script>\u202e'
  const { visit } = await given({ name, brand: { name, logoUrl: 'https://cdn.example/l.png' } })
  const { page, response } = await visit()
  expect(page).not.toMatch(/<script|\u202e| style=/)
  expect(response.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'self'; img-src https://cdn.example; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  )
  expect(response.headers.get('cache-control')).toBe('no-store')
})
