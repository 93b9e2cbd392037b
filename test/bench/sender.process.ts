// One process that empties its share of the outbox, or sends the same mails in a bare loop without any database.

import { postgresStorage } from 'invitekit/postgres'
import { smtpTransport } from 'invitekit/smtp'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { asProcess } from '../support/processes.ts'
import { openInvites } from './stores.ts'

export type SenderArgs = { readonly mail: string } & (
  | { readonly kind: 'relay'; readonly url: string }
  | { readonly kind: 'bare'; readonly count: number; readonly message: Message }
)

export interface Message {
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface Sent {
  readonly mails: number
  readonly milliseconds: number
}

const from = 'Acme <team@acme.example>'
const inFlight = 5

await asProcess<SenderArgs>((args, ready) => (args.kind === 'relay' ? relay(args.url, args.mail, ready) : bare(args, ready)))

async function relay(url: string, mail: string, ready: () => Promise<void>): Promise<Sent> {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  const transports = { email: smtpTransport({ url: mail, from, maxInFlight: inFlight }) }
  const invites = openInvites(postgresStorage({ pool }), { transports, relay: { inline: false } })
  // The first statement and the first mail load what they need: neither is the relay's own pace.
  await pool.query('select 1')
  await transports.email.send({
    id: 'first',
    to: 'first@example.com',
    text: 'first',
    headers: {},
    signal: AbortSignal.timeout(5000),
  })
  await ready()
  const begin = performance.now()
  const { delivered } = await invites.relay.drain()
  const milliseconds = performance.now() - begin
  await invites.close()
  await pool.end()
  return { mails: delivered, milliseconds }
}

async function bare(
  { mail, count, message }: Extract<SenderArgs, { kind: 'bare' }>,
  ready: () => Promise<void>,
): Promise<Sent> {
  const { hostname, port } = new URL(mail)
  const transport = createTransport({ host: hostname, port: Number(port), pool: true, maxConnections: inFlight })
  await transport.sendMail({ from, to: 'first@example.com', text: 'first' })
  await ready()
  const begin = performance.now()
  let next = 0
  const one = async () => {
    while (next < count) await transport.sendMail({ from, to: `p${next++}@example.com`, ...message })
  }
  await Promise.all(Array.from({ length: inFlight }, one))
  const milliseconds = performance.now() - begin
  transport.close()
  return { mails: count, milliseconds }
}
