// Cut the mail: the server goes down, an invite is made, its mail waits; the server comes back.
import { setTimeout as sleep } from 'node:timers/promises'
import { graceActor } from '../app/people.ts'
import type { Finding } from '../stage/ledger.ts'
import { freshAddress, type Props } from './pages.ts'

interface Waiting {
  readonly id: string
  readonly email: string
}
let waiting: Waiting | null = null

export async function cutMail<Tx>({ invites, db, mail, ledger }: Props<Tx>): Promise<void> {
  if (!mail.ours || !mail.isUp()) return
  await mail.stop()
  const email = freshAddress('patient')
  const call = `// no mail server answers
await invites.create(
  { recipient: { email }, role: 'member' },
  { actor: grace },
)`
  const work = async () => {
    const { invite } = await invites.create({ recipient: { email }, role: 'member' }, { actor: graceActor })
    waiting = { id: invite.id, email }
    await until(async () => (await delivery(db, invite.id)).failure !== null)
    return delivery(db, invite.id)
  }
  await ledger.record({ who: 'Cut the mail', title: 'the server is down', call }, work, result => ({
    findings: result ? [{ text: `Delivery ${result.status}, tries so far: ${result.tries}`, verdict: 'plain' }] : [],
  }))
}

export async function mendMail<Tx>({ db, mail, ledger }: Props<Tx>): Promise<void> {
  if (mail.isUp()) return
  const cut = waiting
  waiting = null
  const call = `// The relay tries again by itself, after
// a pause that grows. Not to wait for it:
await query(\`${dueNow}\`)`
  const work = async () => {
    await mail.start()
    if (!cut) {
      await db.query(dueNow)
      return null
    }
    await until(async () => {
      // Each time: a try that was under way has failed meanwhile, and waits again.
      await db.query(dueNow)
      return (await delivery(db, cut.id)).status !== 'queued'
    })
    await sleep(500) // a second mail would be here by now
    return { ...(await delivery(db, cut.id)), ids: mail.mails.filter(({ to }) => to === cut.email).map(each => each.messageId) }
  }
  await ledger.record({ who: 'Cut the mail', title: 'the server is back', call }, work, result => ({
    findings: result ? findingsOf(result) : [],
  }))
}

// As an operator would, once the server is mended.
const dueNow = `update invite_outbox
  set due_at = created_at
  where kind = 'delivery' and status = 'queued'`

type Delivered = Awaited<ReturnType<typeof delivery>> & { readonly ids: readonly string[] }

function findingsOf({ status, tries, failure, ids }: Delivered): readonly Finding[] {
  if (status !== 'sent') {
    const reason = failure === null ? '' : `. ${failure}`
    return [{ text: `Not handed over: delivery ${status}, tries so far: ${tries}${reason}`, verdict: 'bad' }]
  }
  return [
    { text: `${ids.length} mail, handed over at try ${tries}`, verdict: ids.length === 1 ? 'good' : 'bad' },
    { text: `Message-ID ${[...new Set(ids)].join(', ')}`, verdict: 'plain' },
  ]
}

async function delivery<Tx>(db: Props<Tx>['db'], inviteId: string) {
  const text = "select status, attempts, failure from invite_outbox where kind = 'delivery' and invite_id = $1"
  const [row] = await db.query(text, [inviteId])
  return { status: String(row?.['status']), tries: Number(row?.['attempts']), failure: row?.['failure'] ?? null }
}

/** Asks four times a second, for at most half a minute. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 30_000
  while (!(await isSo()) && Date.now() < end) await sleep(250)
}
