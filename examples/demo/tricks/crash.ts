// Crash: a process commits an invite, and is killed with SIGKILL before its mail leaves.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Finding } from '../stage/ledger.ts'
import { until } from './mail.ts'
import { freshAddress, type Props } from './pages.ts'

const script = fileURLToPath(new URL('doomed.ts', import.meta.url))

export async function crash<Tx>({ invites, db, mail, ledger }: Props<Tx>): Promise<void> {
  const email = freshAddress('survivor')
  const call = `// in another process; its transport never ends
await invites.create(
  { recipient: { email }, role: 'member' },
  { actor: grace },
)
// in this one, once that is committed
child.kill('SIGKILL')`
  const work = async () => {
    const child = fork(script, [db.name, db.address, email, invites.config.publicUrl], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const exited = once(child, 'exit')
    const [said] = await Promise.race([once(child, 'message'), exited.then(() => ['it ended by itself'])])
    child.kill('SIGKILL')
    const [code, signal] = await exited
    return { said, ended: signal ?? `code ${code}` }
  }
  await ledger.record({ who: 'Crash', title: 'killed between commit and send', call }, work, result => {
    if (!result) return {}
    const verdict = result.ended === 'SIGKILL' ? 'plain' : 'bad'
    const isCut: Finding = { text: 'Its mail leaves when the mail is started again', verdict: 'plain' }
    const ended: Finding = { text: `Child: ${result.said}; ended by ${result.ended}`, verdict }
    return { findings: mail.isUp() ? [ended] : [ended, isCut] }
  })
  if (!mail.ours || !mail.isUp()) return
  const after = {
    who: 'Crash',
    title: 'the relay here finds it',
    call: '// nothing: the lease of the dead runs out after 3 s',
  }
  const started = Date.now()
  const wait = async () => {
    await until(async () => mail.mails.some(({ to }) => to === email))
    return mail.mails.filter(({ to }) => to === email).length
  }
  await ledger.record(after, wait, mails => ({
    findings: [
      { text: `${mails ?? 0} mail to ${email}, ${seconds(started)} s after the crash`, verdict: mails === 1 ? 'good' : 'bad' },
    ],
  }))
}

const seconds = (since: number) => ((Date.now() - since) / 1000).toFixed(1)
