// The relay beside a bare loop that sends the same without any database: mails and webhooks in a second, by one process and
// by four, and how long the first byte of a mail takes after its commit.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { memoryStorage } from 'invitekit/memory'
import { postgresStorage } from 'invitekit/postgres'
import { smtpTransport } from 'invitekit/smtp'
import { createTransport } from 'nodemailer'
import pg from 'pg'
import { freshDatabase } from '../support/postgres.ts'
import { startChild } from './child.ts'
import { compared, type Line, quantile, type Rates } from './measure.ts'
import { queueText } from './queue.ts'
import { from, type Letters, type Order, type Places, type SenderArgs, type Sent } from './sender.process.ts'
import { openInvites } from './stores.ts'

export async function relay(server: string): Promise<readonly Line[]> {
  const child = startChild('./mailserver.process.ts', null)
  const [places]: Places[] = await once(child, 'message')
  if (!places) throw new Error('the mail server did not start')
  const database = await freshDatabase(server)
  const pool = new pg.Pool({ connectionString: database.url })
  pool.on('error', () => {})
  try {
    await openInvites(postgresStorage({ pool })).migrate()
    const scene = { url: database.url, pool, places, letters: await writtenLetters() }
    return [
      await latency(scene, child),
      await throughput(scene, { what: 'mails', processes: 1 }),
      await withoutPrefetch(scene),
      await throughput(scene, { what: 'mails', processes: 4 }),
      await throughput(scene, { what: 'webhooks', processes: 1 }),
    ]
  } finally {
    child.kill()
    await pool.end()
    await database.drop()
  }
}

interface Scene {
  readonly url: string
  readonly pool: pg.Pool
  readonly places: Places
  readonly letters: Letters
}

const calls = 200

/** One at a time, ours and theirs in turns. */
async function latency({ pool, places, letters }: Scene, mailServer: ChildProcess): Promise<Line> {
  const storage = postgresStorage({ pool })
  const now = () => performance.timeOrigin + performance.now()
  let committed = 0
  const noted = async <T>(answer: Promise<T>): Promise<T> => {
    const ended = await answer
    committed = now()
    return ended
  }
  const { speculation } = storage
  const watched: typeof storage = {
    ...storage,
    commit: (...how) => noted(storage.commit(...how)),
    ...(speculation && { speculation: { ...speculation, commit: (...how) => noted(speculation.commit(...how)) } }),
  }
  const transports = { email: smtpTransport({ url: places.mail, from }) }
  const invites = openInvites(watched, { transports, relay: { inline: true } })
  const { hostname, port } = new URL(places.mail)
  const bare = createTransport({ host: hostname, port: Number(port), pool: true })
  const waits: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] }
  for (let n = 0; n < calls + 50; n += 1) {
    const to = `first-byte-${n}@example.com`
    const ours = arrival(mailServer, to)
    await invites.create({ recipient: { email: to }, role: 'member' }, { actor: 'system', organizationId: `org-${n % 20}` })
    waits.ours.push((await ours) - committed)
    await invites.relay.drain()
    const theirs = arrival(mailServer, `bare-${to}`)
    const begun = now()
    await bare.sendMail({ from, to: `bare-${to}`, ...letters.mail })
    waits.theirs.push((await theirs) - begun)
  }
  await invites.close()
  bare.close()
  const at = (side: 'ours' | 'theirs', share: number) => quantile(waits[side].slice(50), share)
  const show = (side: 'ours' | 'theirs') => `p50 ${at(side, 0.5).toFixed(1)} ms, p99 ${at(side, 0.99).toFixed(1)} ms`
  const ratio = (share: number) => (at('ours', share) / at('theirs', share)).toFixed(2)
  return {
    what: 'commit → first byte of the mail, beside sendMail → first byte',
    ours: show('ours'),
    theirs: show('theirs'),
    result: `p50 × ${ratio(0.5)}, p99 × ${ratio(0.99)}`,
  }
}

const arrival = (mailServer: ChildProcess, address: string): Promise<number> =>
  new Promise(resolve => {
    const hear = (message: { to?: string; at?: number }) => {
      if (message.to !== address) return
      mailServer.off('message', hear)
      resolve(message.at ?? 0)
    }
    mailServer.on('message', hear)
  })

/** Messages of each process, in the first round, which does not count: until code is compiled and plans are made. */
const warmUp = 4000

interface Race {
  readonly what: Order['what']
  readonly processes: number
  readonly rounds: number
  /** Messages of all processes together, in a round. */
  readonly load: number
}

async function throughput(scene: Scene, race: Pick<Race, 'what' | 'processes'>): Promise<Line> {
  const { places, url, letters } = scene
  const { what, processes } = race
  const rates = await ratesOf(scene, { ...race, rounds: 5, load: 6000 }, [
    ['invitekit', { ...places, kind: 'relay', url, what }],
    ['by hand', { ...places, kind: 'bare', letters }],
  ])
  const name = `${what} of the relay, ${processes} process${processes === 1 ? '' : 'es'}, beside a bare loop`
  return compared({ what: name, rates, atLeast: what === 'mails' ? 0.7 : undefined })
}

/** What leasing ahead is worth: below 0.9 it earns its lines. Short rounds, since both sides read the same tables. */
async function withoutPrefetch(scene: Scene): Promise<Line> {
  const sender = { ...scene.places, kind: 'relay', url: scene.url, what: 'mails' } as const
  const rates = await ratesOf(scene, { what: 'mails', processes: 1, rounds: 12, load: 1500 }, [
    ['without', { ...sender, prefetch: false }],
    ['with', sender],
  ])
  return compared({ what: 'mails, leasing only what can start now, beside prefetch', rates, sides: ['without', 'with'] })
}

async function ratesOf(
  { pool, letters }: Scene,
  { what, processes, rounds, load }: Race,
  sides: readonly (readonly [name: string, args: SenderArgs])[],
): Promise<Rates> {
  const senders = await Promise.all(
    sides.map(async ([name, args]) => ({ name, kind: args.kind, all: await startSenders(args, processes) })),
  )
  const rates = new Map(sides.map(([name]) => [name, [] as number[]]))
  for (let round = 0; round <= rounds; round += 1) {
    const count = round === 0 ? warmUp * processes : load
    for (const { name, kind, all } of round % 2 === 0 ? senders : senders.toReversed()) {
      if (kind === 'relay') {
        await pool.query(queueText(what), [`${what}-${processes}-${name}-${round}`, count, letters.hook])
        await pool.query('vacuum analyze')
      }
      const rate = await rateOf(all, { what, count })
      if (round > 0) rates.get(name)?.push(rate)
    }
  }
  for (const { all } of senders) for (const sender of all) sender.kill()
  return rates
}

/** In a second, of all processes together. */
async function rateOf(senders: readonly ChildProcess[], { what, count }: Order): Promise<number> {
  const all = senders.map(async sender => {
    const answer = once(sender, 'message')
    sender.send({ what, count: count / senders.length } satisfies Order)
    const [sent]: Sent[] = await answer
    return sent ?? { count: 0, milliseconds: 0 }
  })
  const sent = await Promise.all(all)
  const total = sent.reduce((sum, each) => sum + each.count, 0)
  if (total !== count) throw new Error(`${total} of ${count} ${what} were sent`)
  return (count * 1000) / Math.max(...sent.map(({ milliseconds }) => milliseconds))
}

async function startSenders(args: SenderArgs, processes: number): Promise<readonly ChildProcess[]> {
  const senders = Array.from({ length: processes }, () => startChild('./sender.process.ts', args))
  await Promise.all(senders.map(sender => once(sender, 'message')))
  return senders
}

/** What the relay writes: a mail as it comes out of the layout, and the body of an event. */
async function writtenLetters(): Promise<Letters> {
  const mails: Letters['mail'][] = []
  const events: string[] = []
  const send = async ({ subject = '', text, html = '' }: { subject?: string; text: string; html?: string }) =>
    void mails.push({ subject, text, html })
  const publish = async (event: object) => void events.push(JSON.stringify(event))
  const options = {
    transports: { email: { send } },
    sinks: [{ name: 'webhook', publish }],
    relay: { inline: 'await' },
  } as const
  const invites = openInvites(memoryStorage(), options)
  await invites.create({ recipient: { email: 'p@example.com' }, role: 'member' }, { actor: 'system', organizationId: 'acme' })
  await invites.close()
  const [[mail], [hook]] = [mails, events]
  if (mail === undefined || hook === undefined) throw new Error('nothing was written')
  return { mail, hook }
}
