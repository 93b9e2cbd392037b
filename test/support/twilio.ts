// A server on loopback that speaks the part of Twilio's REST API that sends messages, and calls back as Twilio does.
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export const accountSid = `AC${'0a'.repeat(16)}`
export const authToken = 'f1e2d3c4b5a697887766554433221100'

export interface Sms {
  readonly sid: string
  readonly to: string
  readonly from: string
  readonly body: string
  readonly statusCallback: string | null
}

/** What the server does with a message: an error of its own, no answer at all, or (by default) takes it. */
export type Behaviour = (
  to: string,
) =>
  | { readonly status: number; readonly code?: number; readonly headers?: Record<string, string> }
  | 'hang'
  | 'take and drop'
  | undefined

export interface Twilio {
  readonly url: string
  /** Every message that was taken, in order. */
  readonly taken: readonly Sms[]
  /** The requests' Authorization headers and fields, in order. */
  readonly asked: readonly { readonly authorization: string | undefined; readonly fields: URLSearchParams }[]
  readonly behave: (behaviour: Behaviour) => void
  readonly close: () => Promise<void>
}

export async function startTwilio(): Promise<Twilio> {
  const taken: Sms[] = []
  const asked: { authorization: string | undefined; fields: URLSearchParams }[] = []
  let behaviour: Behaviour = () => undefined

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const fields = new URLSearchParams(await text(req))
    asked.push({ authorization: req.headers.authorization, fields })
    const to = fields.get('To') ?? ''
    const refuse = (status: number, code: number, headers: Record<string, string> = {}) =>
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(
        JSON.stringify({
          code,
          status,
          message: `Text about ${to} that nobody may keep`,
          more_info: 'https://twilio.example',
        }),
      )
    if (req.method !== 'POST' || req.url !== `/2010-04-01/Accounts/${accountSid}/Messages.json`) return void refuse(404, 20404)
    if (!req.headers.authorization?.startsWith('Basic ')) return void refuse(401, 20003)
    const told = behaviour(to)
    if (told === 'hang') return
    if (told !== undefined && told !== 'take and drop') return void refuse(told.status, told.code ?? 20500, told.headers)
    const sms: Sms = {
      sid: `SM${createHash('md5').update(String(taken.length)).digest('hex')}`,
      to,
      from: fields.get('From') ?? fields.get('MessagingServiceSid') ?? '',
      body: fields.get('Body') ?? '',
      statusCallback: fields.get('StatusCallback'),
    }
    taken.push(sms)
    if (told === 'take and drop') return void req.socket.destroy()
    const { sid, body } = sms
    res
      .writeHead(201, { 'content-type': 'application/json' })
      .end(JSON.stringify({ sid, to, body, status: 'queued', error_code: null, error_message: null }))
  }

  const server = createServer((req, res) => void answer(req, res)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    asked,
    behave: next => {
      behaviour = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise(done => server.close(done))
    },
  }
}

/** The signature of a form, as Twilio's documentation describes it: the address, then names and values by name. */
export function signatureOf(url: string, fields: Readonly<Record<string, string>>, token: string = authToken): string {
  const rest = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + value)
  return createHmac('sha1', token)
    .update(url + rest.join(''))
    .digest('base64')
}

/** A callback as Twilio sends it to `url`. */
export const callback = (url: string, fields: Readonly<Record<string, string>>, token: string = authToken): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signatureOf(url, fields, token) },
  body: new URLSearchParams(fields).toString(),
})

/** The fields of a status callback. */
export const statusOf = ({ sid, to, from }: Sms, status: string, errorCode?: number): Record<string, string> => ({
  MessageSid: sid,
  SmsSid: sid,
  AccountSid: accountSid,
  From: from,
  To: to,
  MessageStatus: status,
  SmsStatus: status,
  ApiVersion: '2010-04-01',
  ...(errorCode === undefined ? {} : { ErrorCode: String(errorCode) }),
})

/** The fields of an incoming message. */
export const inboundFrom = (
  from: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> => ({
  MessageSid: `SM${'9'.repeat(32)}`,
  SmsStatus: 'received',
  AccountSid: accountSid,
  From: from,
  To: '+15005550006',
  Body: body,
  NumMedia: '0',
  ...more,
})
