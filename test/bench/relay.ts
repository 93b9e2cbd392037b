// From the commit to the first byte of the mail, and how fast one process and four empty an outbox beside a bare loop.
import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { postgresStorage } from 'invitekit/postgres'
import { smtpTransport } from 'invitekit/smtp'
import pg from 'pg'
import { freshDatabase } from '../support/postgres.ts'
import { race } from '../support/processes.ts'
import { compared, type Line, quantile } from './measure.ts'
import type { Message, SenderArgs, Sent } from './sender.process.ts'
import { key, openInvites } from './stores.ts'

interface MailServer {
  readonly url: string
  /** When the first byte of the mail to this address came. */
  readonly arrival: (address: string) => Promise<number>
  readonly stop: () => void
}

export async function relay(server: string): Promise<readonly Line[]> {
  const mail = await startMail()
  const database = await freshDatabase(server)
  try {
    return [await latency(database.url, mail), ...(await throughput(database.url, mail.url))]
  } finally {
    mail.stop()
    await database.drop()
  }
}

const calls = 200

async function latency(url: string, mail: MailServer): Promise<Line> {
  const pool = new pg.Pool({ connectionString: url })
  const storage = postgresStorage({ pool })
  let committed = 0
  const watched: typeof storage = {
    ...storage,
    async commit(changes, options) {
      const answer = await storage.commit(changes, options)
      committed = performance.timeOrigin + performance.now()
      return answer
    },
  }
  const invites = openInvites(watched, {
    transports: { email: smtpTransport({ url: mail.url, from }) },
    relay: { inline: true },
  })
  await invites.migrate()
  const waits: number[] = []
  for (let n = 0; n < calls + 50; n += 1) {
    const email = `first-byte-${n}@example.com`
    const arrival = mail.arrival(email)
    await invites.create({ recipient: { email }, role: 'member' }, { actor: 'system', organizationId: `org-${n % 20}` })
    const at = committed
    waits.push((await arrival) - at)
    await invites.relay.drain()
  }
  await invites.close()
  await pool.end()
  const counted = waits.slice(50)
  const show = (share: number) => `${quantile(counted, share).toFixed(1)} ms`
  return { what: 'commit → first byte of the mail', ours: `p50 ${show(0.5)}`, theirs: '', result: `p99 ${show(0.99)}` }
}

const from = 'Acme <team@acme.example>'
const mails = 600
const rounds = 3

async function throughput(url: string, mail: string): Promise<readonly Line[]> {
  const pool = new pg.Pool({ connectionString: url })
  const message = await aMessage()
  const lines: Line[] = []
  for (const processes of [1, 4]) {
    const rates = new Map<string, number[]>([
      ['invitekit', []],
      ['by hand', []],
    ])
    for (let round = 0; round < rounds; round += 1) {
      await pool.query(queue(`${processes}-${round}`))
      await pool.query('vacuum analyze')
      const ours: SenderArgs = { kind: 'relay', url, mail }
      const theirs: SenderArgs = { kind: 'bare', mail, count: mails / processes, message }
      rates.get('invitekit')?.push(await rate(ours, processes))
      rates.get('by hand')?.push(await rate(theirs, processes))
    }
    const what = `relay against a bare loop of nodemailer, ${processes} process${processes === 1 ? '' : 'es'}`
    lines.push(compared({ what, rates, atLeast: 0.7 }))
  }
  await pool.end()
  return lines
}

/** Mails per second of all processes together. */
async function rate(args: SenderArgs, processes: number): Promise<number> {
  const script = new URL('./sender.process.ts', import.meta.url)
  const all = await race<Sent>(script, Array(processes).fill(args), { deadline: 120_000 })
  return (mails * 1000) / Math.max(...all.map(({ milliseconds }) => milliseconds))
}

/** The mail that the relay writes, as it comes out of the layout. */
async function aMessage(): Promise<Message> {
  const sent: Message[] = []
  const { memoryStorage } = await import('invitekit/memory')
  const transport = {
    send: async ({ subject = '', text, html = '' }: Partial<Message> & { readonly text: string }) =>
      void sent.push({ subject, text, html }),
  }
  const invites = openInvites(memoryStorage(), { transports: { email: transport }, relay: { inline: 'await' } })
  await invites.create({ recipient: { email: 'p@example.com' }, role: 'member' }, { actor: 'system', organizationId: 'acme' })
  await invites.close()
  const [message] = sent
  if (message === undefined) throw new Error('no mail was written')
  return message
}

const queue = (round: string) => `with made as (
  insert into invite_invites (id, organization_id, kind, status, role, invitee_id, metadata, extra, channels, key_id, generation,
    use_count, email, email_key, search, created_at, updated_at, expires_at, lifetime, send_count)
  select gen_random_uuid(), 'org-' || i % 20, 'personal', 'pending', 'member', 'u', '{}', '{}', '["email"]', '${key.id}', 1, 0,
    'p${round}-' || i || '@example.com', 'p${round}-' || i || '@example.com', '', now(), now(), now() + interval '7 days', 1000, 1
  from generate_series(1, ${mails}) i returning id, organization_id
)
insert into invite_outbox (id, kind, target, organization_id, invite_id, generation, reason, status, attempts, created_at, updated_at, due_at)
select 'm-' || id, 'delivery', 'email', organization_id, id, 1, 'created', 'queued', 0, now(), now(), now() from made`

async function startMail(): Promise<MailServer> {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const script = fileURLToPath(new URL('./mailserver.process.ts', import.meta.url))
  const child = fork(script, [], { execArgv: ['--import', loader] })
  const arrived = new Map<string, (at: number) => void>()
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.on('message', (message: { port?: number; to?: string; at?: number }) => {
      if (message.port !== undefined) resolve(message.port)
      if (message.to !== undefined) arrived.get(message.to)?.(message.at ?? 0)
    })
  })
  return {
    url: `smtp://127.0.0.1:${port}`,
    arrival: address =>
      new Promise(resolve => {
        arrived.set(address, at => {
          arrived.delete(address)
          resolve(at)
        })
      }),
    stop: () => void child.kill(),
  }
}
