// The demo as a visitor meets it: started as a process of its own, then driven over HTTP, without a browser.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { start, startDemo } from './support/demo.ts'

describe.each(['SQLite', 'Postgres'])('npm start on %s', name => {
  test('somebody is invited, reads the mail, signs up on the way, accepts, and the seat is taken', async () => {
    await using demo = await startDemo(name)
    const grace = createBrowser(demo.origin)
    expect(await grace.see('/')).toContain(`A host app on ${name}`)
    expect(await grace.see('/members')).toContain('2 of 4 seats taken')
    expect(await grace.send('/members/invites', { email: 'ada@example.com', role: 'member' })).toContain('Invited.')

    const ada = createBrowser(demo.origin)
    await ada.until('/inbox', 'ada@example.com')
    expect(await ada.see('/inbox/1')).toContain('sandbox="allow-top-navigation-by-user-activation"')
    const mail = await ada.see('/inbox/1?as=text')
    const link = /\/invites\/i\/[\w-]+/.exec(mail)?.[0] ?? ''
    expect(await ada.see(link)).toContain('Grace Hopper')

    const signUp = await ada.post(link, { action: 'open' })
    expect(signUp).toContain('/sign-up?returnTo=')
    expect(await ada.see(signUp)).toContain('Then you go on with your invite.')
    expect(await ada.send(signUp, { name: 'Ada Lovelace', email: 'ada@example.com' })).toContain('Accept')
    expect(await ada.send(link, { action: 'accept', role: 'member' })).toContain('You are in, as member.')

    const members = await grace.see('/members')
    expect(members).toContain('3 of 4 seats taken')
    expect(members).toContain('Ada Lovelace')
    const stage = textOf(await grace.see('/'))
    expect(stage).toMatch(/invites\.accept\(.*invite_invites ~ id …\w+ status pending accepted/)
    expect(stage).toMatch(/memberships \+ user ada@example\.com role member/)
    expect(stage).toMatch(/invite_outbox ~ id …\w+ status queued sent/)
    expect(await demo.stop()).toBe(0)
  }, 60_000)

  test('the four buttons show what they promise', async () => {
    await using demo = await startDemo(name)
    const grace = createBrowser(demo.origin)
    await grace.see('/')
    for (const trick of ['race', 'roll-back', 'cut-mail', 'mend-mail', 'crash']) await grace.post(`/tricks/${trick}`, {})
    const found = [...(await grace.see('/')).matchAll(/<li class="(good|bad)">([^<]*)/g)].map(([, verdict, text]) => [
      verdict,
      text,
    ])
    expect(found).toEqual([
      ['good', expect.stringMatching(/^1 mail to survivor\S+, \S+ s after the crash$/)],
      ['good', expect.stringMatching(/^1 mail, handed over at try [2-9]$/)],
      ['good', expect.stringMatching(/^0 rows for rolled-back\S+ in invite_invites$/)],
      ['good', '0 mails in a second and a half'],
      ['bad', expect.stringMatching(/^\d\d rows in naive_invites, 10 allowed$/)],
      ['good', '10 rows in invite_invites, 10 allowed'],
    ])
  }, 90_000)
})

test('a phone is invited by SMS, the phone company says that it arrived, and a mail can be unsubscribed', async () => {
  await using demo = await startDemo('SQLite')
  const grace = createBrowser(demo.origin)
  await grace.see('/')
  const both = { email: 'ada@example.com', phone: '+49 1511 2345678', role: 'member' }
  expect(await grace.send('/members/invites', both)).toContain('Invited.')
  await grace.until('/members', 'mail sent, SMS delivered')

  const ada = createBrowser(demo.origin)
  const inbox = textOf(await ada.see('/inbox'))
  expect(inbox).toContain('+15005550006 → +4915112345678 SMS Grace Hopper invites you to join Compiler Club:')
  const pages = await Promise.all([ada.see('/inbox/1'), ada.see('/inbox/2')])
  const sms = pages.find(text => text.includes('class="bubble"')) ?? ''
  expect(await ada.see(/\/invites\/i\/[\w-]+/.exec(sms)?.[0] ?? '')).toContain('Grace Hopper')
  const link = /href="(\/invites\/u\/[\w-]+)"/.exec(pages.find(text => text !== sms) ?? '')?.[1] ?? ''
  expect(await ada.see(link)).toContain('No more invites from')
  const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
  expect((await fetch(demo.origin + link, { method: 'POST', body })).status).toBe(200)
  const id = /members\/invites\/([\w-]+)\/resend/.exec(await grace.see('/members'))?.[1] ?? ''
  await grace.send(`/members/invites/${id}/resend`, {})
  await grace.until('/members', 'the recipient wants no more messages from this organization')
}, 60_000)

test('a taken port is one clear sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const child = start({ PORT: String(port) })
  const [code] = await once(child, 'close')
  other.close()
  expect(code).toBe(1)
  expect(child.said()).toBe(
    `Port ${port} is taken: stop what runs there, or choose another one with PORT=${port + 1} npm start.\n`,
  )
})

/** What a browser does, as far as it matters here: cookies, forms, and where they lead. */
function createBrowser(origin: string) {
  const cookies = new Map<string, string>()

  async function go(path: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const cookie = [...cookies].map(([key, value]) => `${key}=${value}`).join('; ')
    const response = await fetch(new URL(path, origin), {
      method: form ? 'POST' : 'GET',
      headers: { cookie, ...(form ? { origin } : {}) },
      ...(form ? { body: new URLSearchParams(form) } : {}),
      redirect: 'manual',
    })
    for (const set of response.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      cookies.set(key, value)
    }
    return response
  }

  /** The page, or the one that it leads to. */
  async function see(path: string): Promise<string> {
    const response = await go(path)
    const location = response.headers.get('location')
    return location === null ? response.text() : see(location)
  }

  /** Where the form leads. */
  async function post(path: string, form: Readonly<Record<string, string>>): Promise<string> {
    const response = await go(path, form)
    const location = response.headers.get('location')
    if (location === null) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`)
    return location
  }

  return {
    see,
    post,
    send: async (path: string, form: Readonly<Record<string, string>>) => see(await post(path, form)),
    /** Looks again until the page says `text`. */
    until: (path: string, text: string) => vi.waitFor(async () => expect(await see(path)).toContain(text), 10_000),
  }
}

const textOf = (page: string) => page.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
