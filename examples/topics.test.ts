// Runs each topic's example unchanged, then checks that its functions do what its comments say.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { type Database, freshDatabase } from '../test/support/postgres.ts'
import { accountSid, authToken, callback, inboundFrom, startTwilio, statusOf } from '../test/support/twilio.ts'

const lines = vi.spyOn(console, 'log').mockImplementation(() => {})
const printed = () => lines.mock.calls.flat().join('\n')
beforeEach(() => void lines.mockClear())

let database: Database | undefined
afterAll(() => database?.drop())

test('joining a transaction: the team and its invites are there together, or neither is', async () => {
  database = await freshDatabase()
  process.env['DATABASE_URL'] = database.url
  const { createTeam, invites, pool } = await import('./joining-a-transaction.ts')
  expect(printed()).toMatch(/To: grace@example.com[\s\S]*To: alan@example.com/)
  expect(printed()).toContain('not an address: invalid_input')
  expect(printed()).not.toContain('mary@example.com')

  await expect(createTeam({ userId: 'ada' }, { id: 'globex', name: 'Globex' }, ['mary@example.com', '@'])).rejects.toThrow('@')
  const { rows } = await pool.query("select (select count(*)::int from teams where id = 'globex') as teams")
  expect(rows).toEqual([{ teams: 0 }])
  expect((await invites.list({}, { actor: 'system', organizationId: 'globex' })).data).toEqual([])
  expect(await invites.relay.drain()).toEqual({ delivered: 0, failed: 0 })
  await invites.close()
  await pool.end()
})

test('pg-boss: a job of the same commit delivers; what is rolled back leaves no job, no invite and no mail', async () => {
  const own = await freshDatabase()
  process.env['DATABASE_URL'] = own.url
  process.env['PGBOSS_SCHEMA'] = 'invitekit_pgboss'
  const { boss, createTeam, invites, pool } = await import('./pg-boss.ts')
  const mailed = { timeout: 10_000, interval: 50 }
  await vi.waitFor(() => expect(printed()).toMatch(/To: grace@example.com[\s\S]*To: alan@example.com/), mailed)

  const jobs = async () =>
    (await pool.query(`select count(*)::int as jobs from invitekit_pgboss.job where name = 'invites'`)).rows[0].jobs
  const before = await jobs()
  const failing = createTeam('globex', ['mary@example.com'], () => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  expect(await jobs()).toBe(before)
  expect((await invites.list({}, { actor: 'system', organizationId: 'globex' })).data).toEqual([])
  await createTeam('initech', ['eve@example.com'])
  await vi.waitFor(() => expect(printed()).toContain('To: eve@example.com'), mailed)
  expect(printed()).not.toContain('mary@example.com')
  expect(await boss.getSchedules()).toMatchObject([{ name: 'invites', cron: '* * * * *' }])

  await boss.stop({ graceful: false, wait: true })
  await invites.close()
  await pool.query('drop schema invitekit_pgboss cascade')
  await pool.end()
  await own.drop()
})

test('open link: of any number who come at once, as many get in as there are places', async () => {
  const { answers, invites, join, link } = await import('./open-link.ts')
  expect([...answers].sort()).toEqual(['joined', 'joined', 'the places are taken'])
  const { data } = await invites.members.list({}, { actor: 'system', organizationId: 'acme' })
  expect(data).toHaveLength(2)
  expect(await join(link, data[0]?.userId ?? '')).toBe('already in')
  expect(await join(link, 'late')).toBe('the places are taken')
})

test('codes: typed in any manner, a code opens what the link opens', async () => {
  const { code, invites, look } = await import('./codes.ts')
  expect(printed()).toContain('Join Class 7b as pupil?')
  expect(printed()).toContain('There is no such code.')
  const spaced = `${code.slice(0, 4).toLowerCase()} - ${code.slice(4)}`
  expect(await look(spaced)).toBe('Join Class 7b as pupil?')
  const { data } = await invites.members.list({}, { actor: 'system', organizationId: 'class-7b' })
  expect(data).toMatchObject([{ userId: 'grace', role: 'pupil' }])
})

test('bulk import: the dry run writes nothing and foretells each line, and a file may come twice', async () => {
  const { importPeople, invites } = await import('./bulk-import.ts')
  const [dry, real, again] = lines.mock.calls.map(([sentences]) => sentences)
  expect(real).toEqual([
    'line 2: created',
    'line 3: created',
    'line 4: skipped (already_invited)',
    'line 5: rejected (invalid_input)',
  ])
  expect(dry).toEqual(real)
  expect(again.slice(0, 2)).toEqual(['line 2: skipped (already_invited)', 'line 3: skipped (already_invited)'])

  expect(await importPeople('email\nmary@example.com', { dryRun: true })).toEqual(['line 2: created'])
  const { data } = await invites.list({}, { actor: 'system', organizationId: 'acme' })
  expect(data.map(({ recipient, role }) => [recipient?.email, role]).sort()).toEqual([
    ['alan@example.com', 'member'],
    ['grace@example.com', 'admin'],
  ])
})

test('custom channel: the chat is given the message once, under an id that every try has', async () => {
  const taken: { key: string | string[] | undefined; body: { to: string; text: string } }[] = []
  let isDown = true
  const chat = createServer(async (req, res) => {
    let text = ''
    for await (const chunk of req) text += chunk
    taken.push({ key: req.headers['idempotency-key'], body: JSON.parse(text) })
    res.writeHead(isDown ? 503 : 200, { 'x-message-id': 'm-1' }).end()
    isDown = false
  }).listen(0, '127.0.0.1')
  await once(chat, 'listening')
  process.env['CHAT_WEBHOOK'] = `http://127.0.0.1:${(chat.address() as AddressInfo).port}/`
  const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})

  const { deliveries, invites } = await import('./custom-channel.ts')
  expect(deliveries).toMatchObject([{ channel: 'chat' }])
  expect(complaints.mock.calls.flat().join()).toContain('the chat answered 503')
  await vi.waitFor(() => invites.relay.drain().then(() => expect(taken).toHaveLength(2)), { timeout: 10_000, interval: 100 })

  expect(taken).toMatchObject([
    { body: { to: 'grace@example.com', text: expect.stringContaining('https://app.example.com/') } },
    {},
  ])
  expect(taken[1]).toEqual(taken[0])
  complaints.mockRestore()
  chat.close()
})

test('sms: Twilio takes the message, and what it says of it afterwards is believed when it is signed', async () => {
  const twilio = await startTwilio()
  Object.assign(process.env, {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_URL: twilio.url,
    PORT: '0',
  })
  const { deliveries, invites, server } = await import('./sms.ts')
  const [sms] = twilio.taken
  expect(sms).toMatchObject({ to: '+4915112345678', body: expect.stringContaining('Ada lädt dich zu Acme ein') })
  const { port } = server.address() as AddressInfo
  const post = async (url: string, request: RequestInit) =>
    (await fetch(url.replace('https://app.example.com', `http://127.0.0.1:${port}`), request)).status
  const to = String(sms?.statusCallback)
  expect(await post(to, callback(to, statusOf(sms!, 'delivered'), 'somebody else’s token'))).toBe(403)
  expect(await deliveries()).toEqual(['sms sent'])
  expect(await post(to, callback(to, statusOf(sms!, 'delivered')))).toBe(204)
  expect(await deliveries()).toEqual(['sms delivered'])
  const webhook = 'https://app.example.com/invites/callbacks/sms'
  expect(await post(webhook, callback(webhook, inboundFrom('+4915112345678', 'STOP')))).toBe(204)
  const acme = { actor: 'system', organizationId: 'acme' } as const
  expect(await invites.suppressions.has({ phone: '+4915112345678' }, acme)).toBe(true)
  server.closeAllConnections()
  server.close()
  await twilio.close()
})

test('reminders: two to the recipient, then one mail to the inviter, whatever else passes', async () => {
  const { invites } = await import('./reminders.ts')
  const to = printed().match(/^To: .*/gm)
  expect(to).toEqual([...Array(3).fill('To: grace@example.com'), 'To: ada@example.com'])
  expect(printed().match(/^Subject: .*/gm)?.[3]).toContain('has expired')
  expect(printed()).toContain('View invites:\nhttps://app.example.com/team')
  const shown = lines.mock.calls.at(-1)?.[0]
  expect(shown).toEqual(['created: sent', 'reminder: sent', 'reminder: sent', 'expired: sent'])
  expect(await invites.relay.drain()).toEqual({ delivered: 0, failed: 0 })
})

test('templates: what is wrong is told with its place, and what is stored is what is sent', async () => {
  const { invites, store } = await import('./templates.ts')
  const [refused, stored] = lines.mock.calls.map(([first]) => first)
  expect(refused).toEqual([expect.stringMatching(/^content\.email\.subject: there is no recipient\.nickname here/)])
  expect(stored).toEqual(['stored Welcome'])
  expect(printed()).toContain('In German: Ada hätte dich gern bei Acme')
  expect(printed()).toMatch(/Subject: Ada would like you in Acme\n\nHi Grace,\n\nwe need you for the moon\./)
  expect(await store({ email: { subject: 'Second' } })).toEqual(['stored Welcome'])
  const { data } = await invites.templates.list({}, { actor: 'system', organizationId: 'acme' })
  expect(data.map(each => each.default)).toEqual([false, true])
})

test('custom render: in the language of the recipient, and no name becomes markup', async () => {
  const { render } = await import('./custom-render.ts')
  expect(printed()).toContain('Subject: Ada lädt Sie zu Acme & Co ein')

  const facts: Parameters<typeof render>[0] = {
    channel: 'email',
    reason: 'created',
    organization: { id: 'acme', name: 'Acme' },
    inviter: { name: '<img src=x>' },
    recipient: { fullName: null, firstName: null, lastName: null, email: null, locale: null },
    role: 'member',
    link: 'https://app.example.com/invites/i/x',
    code: null,
    expiresAt: null,
    metadata: {},
    brand: {},
    template: {},
  }
  expect(render(facts)?.html).not.toContain('<img')
  expect(render({ ...facts, channel: 'sms' })).toBeUndefined()
})
