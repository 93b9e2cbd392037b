// SMS through a server that speaks Twilio's API, and the callbacks that it signs: every way that either can go wrong.
import { createHash, createHmac } from 'node:crypto'
import { afterEach, expect, test } from 'vitest'
import { type TwilioOptions, twilioTransport } from '../../adapters/transport/twilio/index.ts'
import type { Callback, OutgoingMessage } from '../../src/index.ts'
import {
  accountSid,
  authToken,
  callback,
  inboundFrom,
  signatureOf,
  startTwilio,
  statusOf,
  type Twilio,
} from '../support/twilio.ts'

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

const own = { accountSid, authToken, from: '+15005550006' } as const

async function given(options: Partial<TwilioOptions> = {}) {
  const twilio = await startTwilio()
  ends.push(twilio.close)
  return { twilio, transport: twilioTransport({ ...own, baseUrl: twilio.url, ...options }) }
}

const id = '0192f1aa-0000-7000-8000-000000000001'
const url = `https://app.example.com/invites/callbacks/sms?id=${id}`

const message = (fields: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  id,
  to: '+4915112345678',
  text: 'Ada lädt dich ein:\nhttps://app.example.com/invites/i/abc',
  headers: {},
  callbackUrl: url,
  signal: new AbortController().signal,
  ...fields,
})

const refusal = (send: Promise<unknown>) =>
  send.then(
    () => null,
    (reason: unknown) => reason as Error & Record<string, unknown>,
  )

const only = ({ taken }: Twilio) => {
  expect(taken).toHaveLength(1)
  return taken[0]!
}

test('a message is taken, with sender, callback and the account’s credentials', async () => {
  const { twilio, transport } = await given()
  const { sid, ...sms } = await transport.send(message()).then(sent => ({ ...only(twilio), sent }))
  expect(sms).toEqual({
    ...{ to: '+4915112345678', from: '+15005550006', body: message().text, statusCallback: url },
    sent: { providerId: sid },
  })
  expect(twilio.asked[0]?.authorization).toBe(`Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`)
})

test('an API key signs in, a Messaging Service sends, and the callback is where the options say', async () => {
  const apiKey = { sid: `SK${'0b'.repeat(16)}`, secret: 's3cret' }
  const messagingServiceSid = `MG${'0c'.repeat(16)}`
  const statusCallback = 'https://hooks.example.com/sms/'
  const { twilio, transport } = await given({ apiKey, messagingServiceSid, from: undefined, statusCallback })
  await transport.send(message())
  expect(only(twilio)).toMatchObject({ from: messagingServiceSid, statusCallback: `https://hooks.example.com/sms?id=${id}` })
  expect(twilio.asked[0]?.authorization).toBe(`Basic ${Buffer.from(`${apiKey.sid}:s3cret`).toString('base64')}`)
})

test('Twilio gets no callback address on this machine, nor any when the options say so', async () => {
  const { twilio, transport } = await given()
  await transport.send(message({ callbackUrl: 'http://127.0.0.1:3000/invites/callbacks/sms?id=x' }))
  const { twilio: silent, transport: none } = await given({ statusCallback: false })
  await none.send(message())
  expect([only(twilio).statusCallback, only(silent).statusCallback]).toEqual([null, null])
})

test.each([
  [21211, { permanent: true, failure: 'Twilio says that there is no such number (21211).' }],
  [21614, { permanent: true, failure: 'Twilio says that the number is none of a mobile phone (21614).' }],
  [21610, { permanent: true, optedOut: true, failure: 'The recipient wants no messages from this sender (21610).' }],
  [21699, { permanent: true, failure: 'Twilio refuses the message (21699).' }],
])('400 with code %i is permanent, in our words', async (code, expected) => {
  const { twilio, transport } = await given()
  twilio.behave(() => ({ status: 400, code }))
  const error = await refusal(transport.send(message()))
  expect(error).toMatchObject({ message: expected.failure, ...expected })
  expect(error?.['optedOut']).toBe(code === 21610 ? true : undefined)
  expect(JSON.stringify({ ...error, cause: error?.cause })).not.toContain('nobody may keep')
})

test.each([
  ['429 with seconds', { status: 429, code: 20429, headers: { 'retry-after': '7' } }, { retryAfter: 7000 }],
  ['429 without', { status: 429, code: 20429 }, { failure: 'Twilio asks to wait (20429).' }],
  ['401', { status: 401, code: 20003 }, { failure: 'Twilio does not accept the account or its credentials (20003).' }],
  ['503', { status: 503 }, { failure: 'Twilio has trouble (503).' }],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, { failure: 'Twilio has trouble (302).' }],
])('%s is temporary', async (_, response, expected) => {
  const { twilio, transport } = await given()
  twilio.behave(() => response)
  expect(await refusal(transport.send(message()))).toMatchObject({ permanent: false, ...expected })
  expect(twilio.asked).toHaveLength(1)
})

test('silence, a broken line and no server are temporary; the signal ends a try', async () => {
  const { twilio, transport } = await given({ timeout: 100 })
  twilio.behave(to => (to === '+15550001111' ? 'take and drop' : 'hang'))
  const silent = { permanent: false, failure: 'Twilio did not answer in time.' }
  expect(await refusal(transport.send(message()))).toMatchObject(silent)
  expect(await refusal(transport.send(message({ signal: AbortSignal.abort() })))).toMatchObject(silent)
  const broken = { permanent: false, failure: 'Twilio could not be reached.' }
  expect(await refusal(transport.send(message({ to: '+15550001111' })))).toMatchObject(broken)
  await twilio.close()
  ends.pop()
  expect(await refusal(transport.send(message()))).toMatchObject(broken)
})

test.each(['0151 2345678', 'ada@example.com', '+49', ''])('%j is no E.164 and is not sent', async to => {
  const { twilio, transport } = await given()
  expect(await refusal(transport.send(message({ to })))).toMatchObject({ permanent: true })
  expect(twilio.asked).toEqual([])
})

test.each<[string, object, RegExp]>([
  ['another account', { accountSid: 'AC1' }, /`accountSid` must be AC/],
  ['no credentials', { authToken: undefined }, /needs `authToken`, or `apiKey/],
  [
    'an account that is not set',
    { accountSid: undefined },
    /`accountSid` must be AC.* `accountSid` is undefined: is its environment/,
  ],
  ['a token that is not set', { authToken: undefined }, /needs `authToken`.* `authToken` is undefined: is its environment/],
  ['a token that is set to nothing', { authToken: '' }, /`authToken` must be.* `authToken` is empty: is its environment/],
  ['a list with a token not set', { authToken: [undefined] }, /`authToken` is undefined: is its environment/],
  ['a key that is none', { apiKey: null }, /`apiKey` must be an object/],
  [
    'a key that is not set',
    { apiKey: { sid: undefined, secret: 'hunter2' } },
    /`apiKey.sid` must be SK.* `sid` is undefined: is its/,
  ],
  ['a sender that is not set', { from: undefined }, /needs `from`.* `from` is undefined: is its environment variable set/],
  ['a sender that is set to nothing', { from: '' }, /`from` must be a number.* `from` is empty: is its environment variable/],
  ['a sender that is null', { from: null }, /`from` must be a number in E.164/],
  ['an option that there is not', { perSec: 5 }, /there is no option `perSec`; the options are accountSid/],
  ['a pace as a text', { perSecond: '5' }, /`perSecond` must be more than 0/],
  ['an empty list', { authToken: [] }, /`authToken` is an empty list/],
  ['a short token', { authToken: ['hunter2'] }, /`authToken` must be the auth token/],
  ['half a key', { apiKey: { sid: `SK${'0b'.repeat(16)}` } }, /`apiKey.secret`/],
  ['no sender', { from: undefined }, /needs `from`/],
  ['a number as typed', { from: '(500) 555-0006' }, /`from` must be a number in E.164/],
  ['another service', { messagingServiceSid: 'SM1' }, /`messagingServiceSid`/],
  ['a path', { statusCallback: '/callbacks' }, /`statusCallback` must be an absolute/],
  ['a query', { baseUrl: 'https://api.twilio.com?x=1' }, /`baseUrl` must be an absolute/],
  ['no time', { timeout: 0 }, /`timeout` must be a whole number/],
  ['no pace', { perSecond: 0 }, /`perSecond` must be more than 0/],
])('%s is refused at the start, without a secret', (_, options, sentence) => {
  const make = () => twilioTransport({ ...own, ...options } as TwilioOptions)
  expect(make).toThrow(sentence)
  expect(make).not.toThrow(/hunter2/)
})

test('no options at all are refused with an example', () => {
  expect(() => twilioTransport(undefined as never)).toThrow(
    /^twilioTransport: takes an object, such as \{ accountSid, authToken/,
  )
})

test('without an auth token callbacks cannot be verified, and none are read', () => {
  const apiKey = { sid: `SK${'0b'.repeat(16)}`, secret: 's3cret' }
  expect(twilioTransport({ accountSid, apiKey, from: 'Acme' }).receive).toBeUndefined()
})

const sms = { sid: `SM${'1'.repeat(32)}`, to: '+4915112345678', from: '+15005550006', body: '', statusCallback: null }

/** The request as the transport is handed it. */
function asCallback(at: string, { headers, body }: RequestInit): Callback {
  return { url: at, method: 'POST', headers: new Headers(headers), body: Buffer.from(String(body)) }
}

const receive = (request: Callback, options: Partial<TwilioOptions> = {}) =>
  twilioTransport({ ...own, ...options }).receive?.(request)

test.each([
  ['queued', undefined, [{ messageId: id, status: 'sent' }]],
  ['sent', undefined, [{ messageId: id, status: 'sent' }]],
  ['delivered', undefined, [{ messageId: id, status: 'delivered' }]],
  ['undelivered', 30003, [{ messageId: id, status: 'failed', failure: 'The phone was off or out of reach (30003).' }]],
  [
    'undelivered',
    30006,
    [{ status: 'bounced', failure: 'The number is a landline, or its network cannot be reached (30006).' }],
  ],
  ['failed', 21610, [{ status: 'complained', failure: 'The recipient wants no messages from this sender (21610).' }]],
  ['failed', undefined, [{ status: 'failed', failure: 'Twilio did not send the message.' }]],
  ['receiving', undefined, []],
])('MessageStatus %s with code %s', async (status, code, reports) => {
  expect(await receive(asCallback(url, callback(url, statusOf(sms, status, code))))).toMatchObject({ reports, choices: [] })
})

test('the order of the fields does not matter, and one that comes twice counts once', async () => {
  const fields = statusOf(sms, 'delivered')
  const body = new URLSearchParams(Object.entries(fields).reverse())
  body.append('To', sms.to)
  const request = asCallback(url, { ...callback(url, fields), body: body.toString() })
  expect(await receive(request)).toMatchObject({ reports: [{ status: 'delivered' }] })
})

test('what Twilio did not sign is refused: body, address, token, kind and absence', async () => {
  const good = callback(url, statusOf(sms, 'sent'))
  const headers = new Headers(good.headers)
  const without = new Headers({ 'content-type': 'application/x-www-form-urlencoded' })
  const asJson = new Headers({ ...Object.fromEntries(headers), 'content-type': 'application/json' })
  const forged: Callback[] = [
    asCallback(url, { ...good, body: String(good.body).replace('sent', 'delivered') }),
    asCallback(url, { ...good, body: `${good.body}&MessageStatus=delivered` }),
    asCallback(url.replace(id, id.replace('1', '2')), good),
    asCallback(url.replace('https:', 'http:'), good),
    asCallback(url.replace('app.', 'evil.'), good),
    asCallback(url, callback(url, statusOf(sms, 'sent'), 'another token of another account')),
    asCallback(url, { ...good, headers: without }),
    asCallback(url, { ...good, headers: asJson }),
    asCallback(url, { ...good, body: '' }),
  ]
  expect(await receive(asCallback(url, good))).not.toBeNull()
  expect(await Promise.all(forged.map(each => receive(each)))).toEqual(forged.map(() => null))
})

test('while a token is being replaced both verify', async () => {
  const next = '00112233445566778899aabbccddeeff'
  const signed = (token: string) => asCallback(url, callback(url, statusOf(sms, 'sent'), token))
  const both = { authToken: [next, authToken] } as const
  expect(await Promise.all([receive(signed(next), both), receive(signed(authToken), both), receive(signed(next))])).toEqual([
    expect.anything(),
    expect.anything(),
    null,
  ])
})

test('the port that goes without saying may be said, and another may be left out', async () => {
  const fields = statusOf(sms, 'sent')
  const said = url.replace('example.com/', 'example.com:443/')
  const odd = url.replace('example.com/', 'example.com:8443/')
  expect(await receive(asCallback(url, callback(said, fields)))).not.toBeNull()
  expect(await receive(asCallback(odd, callback(odd, fields)))).not.toBeNull()
  expect(await receive(asCallback(odd, callback(url, fields)))).not.toBeNull()
  expect(await receive(asCallback(url, callback(odd, fields)))).toBeNull()
})

test('a callback to an address of the host’s own, that leads here, is verified over that', async () => {
  const statusCallback = 'https://hooks.example.com/sms'
  const there = `${statusCallback}?id=${id}`
  const request = asCallback(url, callback(there, statusOf(sms, 'delivered')))
  expect([await receive(request), await receive(request, { statusCallback })]).toMatchObject([null, { reports: [{}] }])
})

test('a JSON body is verified by its digest in the address', async () => {
  const body = JSON.stringify(statusOf(sms, 'delivered'))
  const at = `${url}&bodySHA256=${createHash('sha256').update(body).digest('hex')}`
  const headers = {
    'content-type': 'application/json',
    'x-twilio-signature': createHmac('sha1', authToken).update(at).digest('base64'),
  }
  expect(await receive(asCallback(at, { headers, body }))).toMatchObject({ reports: [{ messageId: id, status: 'delivered' }] })
  expect(await receive(asCallback(at, { headers, body: body.replace('delivered', 'failed') }))).toBeNull()
  const bare = { ...headers, 'x-twilio-signature': signatureOf(url, {}) }
  expect(await receive(asCallback(url, { headers: bare, body }))).toBeNull()
})

test.each([
  ['STOP', {}, [{ phone: sms.to, wants: false }]],
  [' stop\n', {}, [{ phone: sms.to, wants: false }]],
  ['Unsubscribe', {}, [{ phone: sms.to, wants: false }]],
  ['Halt', { OptOutType: 'STOP' }, [{ phone: sms.to, wants: false }]],
  ['START', {}, [{ phone: sms.to, wants: true }]],
  ['Los', { OptOutType: 'START' }, [{ phone: sms.to, wants: true }]],
  ['HELP', { OptOutType: 'HELP' }, []],
  ['please do not stop', {}, []],
])('an answer of %j is read', async (body, more, choices) => {
  const inbound = 'https://app.example.com/invites/callbacks/sms'
  const request = asCallback(inbound, callback(inbound, inboundFrom(sms.to, body, more)))
  expect(await receive(request)).toEqual({ reports: [], choices })
})
