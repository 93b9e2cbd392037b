// A fake of Twilio's API on loopback, for the demo alone: it takes an SMS, puts it into the inbox, and reports by a signed
// callback that it was delivered.
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { MailServer } from './server.ts'

/** Made up. */
export const account = { accountSid: `AC${'de'.repeat(16)}`, authToken: 'de'.repeat(16), from: '+15005550006' }

export interface Phone {
  /** What `twilioTransport` takes as its `baseUrl`. */
  readonly url: string
  readonly close: () => void
}

export async function startPhone(inbox: Pick<MailServer, 'put'>): Promise<Phone> {
  const server = createServer(async (req, res) => {
    const fields = new URLSearchParams(await text(req))
    const [to = '', from = '', body = '', callback] = ['To', 'From', 'Body', 'StatusCallback'].map(
      name => fields.get(name) ?? '',
    )
    const sid = `SM${createHmac('md5', body).update(to).digest('hex')}`
    res.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify({ sid, status: 'queued' }))
    inbox.put({
      kind: 'sms',
      to,
      from,
      subject: body.split('\n')[0] ?? '',
      text: body,
      html: '',
      messageId: sid,
      unsubscribe: null,
    })
    if (callback) setTimeout(() => report(callback, { MessageSid: sid, MessageStatus: 'delivered', To: to }), 700)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** `X-Twilio-Signature`: the address and the fields, sorted by name, signed by the account's token. */
function report(url: string, fields: Readonly<Record<string, string>>): void {
  const signed = Object.keys(fields)
    .sort()
    .reduce((all, name) => all + name + fields[name], url)
  const signature = createHmac('sha1', account.authToken).update(signed).digest('base64')
  const body = new URLSearchParams(fields)
  fetch(url, { method: 'POST', body, headers: { 'x-twilio-signature': signature } }).catch(() => {})
}
