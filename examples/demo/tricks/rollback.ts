// Roll back: the invite is made inside a transaction of the host's, and the host rolls it back.
import { setTimeout as sleep } from 'node:timers/promises'
import { graceActor } from '../app/people.ts'
import { freshAddress, type Props } from './pages.ts'

export async function rollBack<Tx>({ invites, db, mail, ledger }: Props<Tx>): Promise<void> {
  const email = freshAddress('rolled-back')
  const call = `await db.transaction(async tx => {
  await invites.create(
    { recipient: { email }, role: 'member' },
    { actor: grace, tx },
  )
  throw new Error('The card was declined.')
})`
  const work = async () => {
    const mailsBefore = mail.mails.length
    const thrown = await db
      .transaction(async tx => {
        await invites.create({ recipient: { email }, role: 'member' }, { actor: graceActor, tx })
        throw new Error('The card was declined.')
      })
      .catch((error: Error) => error)
    await sleep(1500) // long enough for a mail that should never come
    const [row] = await db.query('select count(*) as n from invite_invites where email = $1', [email])
    return { thrown, invites: Number(row?.['n']), mails: mail.mails.length - mailsBefore }
  }
  await ledger.record({ who: 'Roll back', title: 'our own transaction throws', call }, work, result => {
    if (!result) return {}
    const isGood = (n: number) => (n === 0 ? ('good' as const) : ('bad' as const))
    return {
      answer: String(result.thrown),
      isRefusal: true,
      findings: [
        { text: `${result.invites} rows for ${email} in invite_invites`, verdict: isGood(result.invites) },
        ...(mail.ours ? [{ text: `${result.mails} mails in a second and a half`, verdict: isGood(result.mails) }] : []),
      ],
    }
  })
}
