// One process that empties its share of the outbox, or sends the same in a bare loop without any database. It is told to by
// messages, round after round, so that its code is compiled when the rounds begin that count.
import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Relay } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { smtpTransport } from 'invitekit/smtp'
import { webhookSink } from 'invitekit/webhook'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import { checkOptions } from '../../src/options/settings.ts'
import { createListeners } from '../../src/relay/listeners.ts'
import { createRelay } from '../../src/relay/relay.ts'
import { leaseStartable } from './lease-startable.ts'
import { openInvites, optionsOf } from './stores.ts'

export interface Places {
  /** `smtp://…` */
  readonly mail: string
  /** `http://…` */
  readonly hook: string
}

export interface Letters {
  readonly mail: { readonly subject: string; readonly text: string; readonly html: string }
  /** The body of a webhook. */
  readonly hook: string
}

export type SenderArgs = Places &
  (
    | { readonly kind: 'relay'; readonly url: string; readonly what: Order['what']; readonly prefetch?: boolean }
    | { readonly kind: 'bare'; readonly letters: Letters }
  )

/** A bare loop sends so many; a relay what is due. */
export interface Order {
  readonly what: 'mails' | 'webhooks'
  readonly count: number
}

export interface Sent {
  readonly count: number
  readonly milliseconds: number
}

type Send = (order: Order) => Promise<number>

export const from = 'Acme <team@acme.example>'
export const hookSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const inFlight = 5

if (process.send) {
  const args: SenderArgs = JSON.parse(process.argv[2] ?? '')
  const send = args.kind === 'relay' ? relay(args) : bare(args, args.letters)
  process.on('message', async (order: Order) => {
    const begin = performance.now()
    const count = await send(order)
    process.send?.({ count, milliseconds: performance.now() - begin } satisfies Sent)
  })
  process.once('disconnect', () => process.exit())
  process.send('ready')
}

function relay({ mail, hook, url, what, prefetch = true }: Extract<SenderArgs, { kind: 'relay' }>): Send {
  const storage = postgresStorage({ pool: new pg.Pool({ connectionString: url, max: 4 }) })
  const options = {
    transports: { email: smtpTransport({ url: mail, from, maxInFlight: inFlight }) },
    // Without a sink nobody is told that a mail was sent: its event is in the history, and nothing more.
    sinks: what === 'mails' ? [] : [webhookSink({ url: hook, secret: hookSecret, allow: ['127.0.0.1'] })],
    relay: { inline: false },
  } as const
  const { drain } = prefetch ? openInvites(storage, options).relay : withoutPrefetch(storage, options)
  return async () => (await drain()).delivered
}

/** There is no option for it, so it is built from the parts of the library. */
function withoutPrefetch(...given: Parameters<typeof openInvites>): Pick<Relay, 'drain'> {
  const settings = checkOptions(optionsOf(...given), () => Promise.reject(new Error('nothing here is a template')))
  const listeners = createListeners(settings.onError)
  return createRelay(settings, { listeners, newId: uuidv7, prefetch: leaseStartable })
}

function bare({ mail, hook }: Places, letters: Letters): Send {
  const { hostname, port } = new URL(mail)
  const transport = createTransport({ host: hostname, port: Number(port), pool: true, maxConnections: inFlight })
  const agent = new Agent({ keepAlive: true })
  return async ({ what, count }) => {
    let next = 0
    const one = async () => {
      while (next < count) {
        next += 1
        if (what === 'mails') await transport.sendMail({ from, to: `p${next}@example.com`, ...letters.mail })
        else await post(hook, letters.hook, agent)
      }
    }
    // Webhooks keep their order: one after the other.
    await Promise.all(Array.from({ length: what === 'mails' ? inFlight : 1 }, one))
    return count
  }
}

/** Signed as Standard Webhooks asks. */
function post(url: string, body: string, agent: Agent): Promise<void> {
  const id = 'msg_1'
  const timestamp = Math.floor(Date.now() / 1000)
  const key = Buffer.from(hookSecret.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  }
  return new Promise((resolve, reject) => {
    const posting = request(url, { method: 'POST', agent, headers }, answer => answer.resume().once('end', resolve))
    posting.once('error', reject).end(body)
  })
}
