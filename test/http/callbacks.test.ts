// Providers and mail clients at the door: Twilio's signed callbacks and one-click unsubscribes, through every host, behind
// every body parser, and behind a proxy that changes host and path.
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import Koa from 'koa'
import { koaBody } from 'koa-body'
import { describe, expect, test } from 'vitest'
import { createHandle, createHandler } from '../../adapters/http/index.ts'
import { toHono } from '../../adapters/http/mounts/hono.ts'
import { toKoa } from '../../adapters/http/mounts/koa.ts'
import { captureTransport, createTestInvites } from '../../adapters/testing/index.ts'
import { twilioTransport } from '../../adapters/transport/twilio/index.ts'
import type { OutgoingMessage } from '../../src/index.ts'
import { hosts, parsers } from '../bridge/hosts.ts'
import { listen, serving } from '../bridge/serving.ts'
import {
  accountSid,
  authToken,
  callback,
  inboundFrom,
  type Sms,
  signatureOf,
  startTwilio,
  statusOf,
} from '../support/twilio.ts'

const publicUrl = 'https://app.example.com/invites'
const recipient = { email: 'ada@example.com', phone: '+4915112345678' }
const system = { actor: 'system', organizationId: 'acme' } as const

/** An invite to Ada by mail and SMS, both sent. */
async function given() {
  const twilio = await startTwilio()
  const mails: Omit<OutgoingMessage, 'signal'>[] = []
  const sms = twilioTransport({ accountSid, authToken, from: '+15005550006', baseUrl: twilio.url })
  const email = captureTransport(mail => void mails.push(mail))
  const { invites, clock } = await createTestInvites({ publicUrl, transports: { email, sms } })
  const { invite } = await invites.create({ recipient, role: 'member' }, system)
  await twilio.close()
  const statuses = async () =>
    (await invites.get({ id: invite.id }, system)).deliveries.map(({ channel, status }) => `${channel} ${status}`).sort()
  const link = /^<(.*)>$/.exec(mails[0]?.headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
  const suppressed = () => invites.suppressions.has({ email: recipient.email }, system)
  const history = async () => (await invites.history({ id: invite.id }, system)).data.map(({ type }) => type)
  return { invites, clock, sms: twilio.taken[0] as Sms, mail: mails[0], link, statuses, suppressed, history }
}

/** The path and query below the mount. */
const below = (url: string | null) => String(url).slice(publicUrl.length)
const oneClick = 'List-Unsubscribe=One-Click'
const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('a mail says how to end the mails, as RFC 8058 has it; an SMS has no headers', async () => {
  const { mail, link, sms } = await given()
  expect(mail?.headers).toEqual({ 'List-Unsubscribe': `<${link}>`, 'List-Unsubscribe-Post': oneClick })
  expect(link).toMatch(/^https:\/\/app\.example\.com\/invites\/u\/[\w-]{68}$/)
  expect([mail?.callbackUrl, sms.statusCallback]).toEqual([
    undefined,
    expect.stringContaining(`${publicUrl}/callbacks/sms?id=`),
  ])
})

describe.each(Object.keys(hosts))('%s', name => {
  test.each(parsers)('parser %s: a signed callback and a one-click POST arrive whole', async parser => {
    const { invites, sms, link, statuses, suppressed } = await given()
    const handle = createHandle(invites, { parts: ['public'] })
    const { url, caught } = await serving(name, { handle, parser, mount: 'proxy' })
    const post = async (at: string, init: RequestInit) => {
      const response = await fetch(url + below(at), init)
      return [response.status, await response.text()] as const
    }
    const to = String(sms.statusCallback)
    const delivered = callback(to, { ...statusOf(sms, 'delivered'), Note: 'a+b & ä=ö' })
    expect(await post(to, { ...delivered, body: `${delivered.body}x` })).toMatchObject([
      403,
      expect.stringContaining('forbidden'),
    ])
    expect(await post(to, delivered)).toEqual([204, ''])
    expect(await statuses()).toEqual(['email sent', 'sms delivered'])

    expect((await post(link, { method: 'POST', headers: form, body: oneClick }))[0]).toBe(200)
    expect(await suppressed()).toBe(true)
    expect((await post(link, { method: 'POST', headers: form, body: 'action=again' }))[0]).toBe(200)
    expect(await suppressed()).toBe(false)
    const parts = new FormData()
    parts.set('List-Unsubscribe', 'One-Click')
    expect((await post(link, { method: 'POST', body: parts }))[0]).toBe(200)
    expect(await suppressed()).toBe(true)
    expect(caught).toEqual([])
  })
})

test('a parser that takes multipart forms apart, or reads them its own way, leaves enough of them', async () => {
  const { invites, link, suppressed } = await given()
  const handle = createHandle(invites, { parts: ['public'] })
  const koa = new Koa().use(koaBody({ multipart: true })).use(toKoa(handle, { prefix: '/invites' }))
  const hono = new Hono()
    .use(async (c, next) => {
      await c.req.parseBody()
      await next()
    })
    .route('/invites', toHono(handle))
  for (const host of [koa.callback(), getRequestListener(hono.fetch, { overrideGlobalObjects: false })]) {
    const body = new FormData()
    body.set('List-Unsubscribe', 'One-Click')
    const url = `http://127.0.0.1:${await listen(host)}/invites${below(link)}`
    expect([(await fetch(url, { method: 'POST', body })).status, await suppressed()]).toEqual([200, true])
    await invites.suppressions.remove({ email: recipient.email }, system)
  }
})

const from = async () => {
  const world = await given()
  const handler = createHandler(world.invites, { parts: ['public'], clientAddress: request => request.headers.get('x-client') })
  const ask = (url: string | null, init: RequestInit = {}) =>
    handler(new Request(String(url).replace('https://app.example.com', 'http://10.0.0.7:3000'), init))
  return { ...world, ask }
}

const oneCallback = { method: 'POST', headers: form, body: 'x=1' }

test('a callback that is sent again, or out of order, changes nothing; of a message that is not ours it is answered alike', async () => {
  const { ask, sms, statuses, history } = await from()
  const to = String(sms.statusCallback)
  const say = async (status: string, code?: number, at = to) =>
    (await ask(at, callback(at, statusOf(sms, status, code)))).status
  expect([await say('undelivered', 30006), await say('undelivered', 30006), await say('delivered'), await say('sent')]).toEqual(
    [204, 204, 204, 204],
  )
  expect(await statuses()).toEqual(['email sent', 'sms bounced'])
  expect((await history()).filter(type => type === 'invite.delivery_failed')).toHaveLength(1)
  const strange = to.replace(/id=.*$/, 'id=0192f1aa-0000-7000-8000-000000000001')
  expect([
    await say('delivered', undefined, strange),
    await say('delivered', undefined, `${publicUrl}/callbacks/sms?id=`),
  ]).toEqual([204, 204])
})

test('a callback about a mail, signed by the provider of SMS, is not believed', async () => {
  const { ask, invites, sms, statuses } = await from()
  const { data } = await invites.list({}, system)
  const mail = data[0]?.deliveries.find(({ channel }) => channel === 'email')?.id
  const at = `${publicUrl}/callbacks/sms?id=${mail}`
  expect((await ask(at, callback(at, statusOf(sms, 'undelivered', 30006)))).status).toBe(204)
  expect(await statuses()).toEqual(['email sent', 'sms sent'])
})

test('a name of no transport that reads callbacks is 404, another method 405, and a body of 64 kB is enough', async () => {
  const { ask, sms } = await from()
  const status = async (path: string, init: RequestInit) => (await ask(publicUrl + path, init)).status
  expect(await status('/callbacks/email', oneCallback)).toBe(404)
  expect(await status('/callbacks/constructor', oneCallback)).toBe(404)
  const { status: put, headers } = await ask(`${publicUrl}/callbacks/sms`)
  expect([put, headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  const long = callback(String(sms.statusCallback), { ...statusOf(sms, 'sent'), Body: 'x'.repeat(65_536) })
  expect((await ask(sms.statusCallback, long)).status).toBe(413)
})

test('callbacks and unsubscribes come from elsewhere: no cookie, origin or type of theirs is held against them', async () => {
  const { ask, sms, link, statuses, suppressed } = await from()
  const cookie = { cookie: 'session=1', origin: 'https://mail.example', 'sec-fetch-site': 'cross-site' }
  const { headers, ...delivered } = callback(String(sms.statusCallback), statusOf(sms, 'delivered'))
  const both = { ...Object.fromEntries(new Headers(headers)), ...cookie }
  expect((await ask(sms.statusCallback, { ...delivered, headers: both })).status).toBe(204)
  expect((await ask(link, { method: 'POST', headers: { ...form, ...cookie }, body: oneClick })).status).toBe(200)
  expect([await statuses(), await suppressed()]).toEqual([['email sent', 'sms delivered'], true])
})

test('whoever sends what is not signed is told so 60 times a minute; whoever signs is never refused', async () => {
  const { ask, sms, link } = await from()
  const forged = {
    ...oneCallback,
    headers: { ...form, 'x-client': '192.0.2.1', 'x-twilio-signature': signatureOf(publicUrl, {}) },
  }
  const answers = []
  for (let at = 0; at < 62; at += 1) answers.push((await ask(sms.statusCallback, forged)).status)
  expect([answers[59], answers[60], answers[61]]).toEqual([403, 429, 429])
  const { headers, ...good } = callback(String(sms.statusCallback), statusOf(sms, 'delivered'))
  const same = { ...Object.fromEntries(new Headers(headers)), 'x-client': '192.0.2.1' }
  expect((await ask(sms.statusCallback, { ...good, headers: same })).status).toBe(204)
  expect((await ask(link, { headers: { 'x-client': '192.0.2.1' } })).status).toBe(200)
  expect((await ask(`${link}x`, { headers: { 'x-client': '192.0.2.1' } })).status).toBe(429)
})

test('STOP to the number that sent the SMS, and START, through the same address', async () => {
  const { ask, invites } = await from()
  const at = `${publicUrl}/callbacks/sms`
  const wants = async (body: string) => {
    expect((await ask(at, callback(at, inboundFrom(recipient.phone, body)))).status).toBe(204)
    return !(await invites.suppressions.has({ phone: recipient.phone }, system))
  }
  expect([await wants('Stop'), await wants('what?'), await wants('start')]).toEqual([false, false, true])
})
