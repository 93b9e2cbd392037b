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
  const told = { who: 'Cut the mail', title: 'the server is back', call: '// nothing: the relay tries again by itself' }
  const work = async () => {
    await mail.start()
    if (!cut) return null
    await until(async () => (await delivery(db, cut.id)).status === 'sent')
    await sleep(500) // a second mail would be here by now
    return { ...(await delivery(db, cut.id)), ids: mail.mails.filter(({ to }) => to === cut.email).map(each => each.messageId) }
  }
  await ledger.record(told, work, result => {
    if (!result) return {}
    const { tries, ids } = result
    const findings: readonly Finding[] = [
      { text: `${ids.length} mail, handed over at try ${tries}`, verdict: ids.length === 1 ? 'good' : 'bad' },
      { text: `Message-ID ${[...new Set(ids)].join(', ')}`, verdict: 'plain' },
    ]
    return { findings }
  })
}

async function delivery<Tx>(db: Props<Tx>['db'], inviteId: string) {
  const text = "select status, attempts, failure from invite_outbox where kind = 'delivery' and invite_id = $1"
  const [row] = await db.query(text, [inviteId])
  return { status: String(row?.['status']), tries: Number(row?.['attempts']), failure: row?.['failure'] ?? null }
}

/** Asks four times a second, for at most a minute and a half: the pause between two tries grows. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 90_000
  while (!(await isSo()) && Date.now() < end) await sleep(250)
}
