// A worker stopped past its lease and woken: its messages are another's by then, and it settles nothing.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stores } from '../races/stores.ts'
import { leaseMs, openApp } from './app.ts'
import { type MailServer, startMailServer } from './mailserver.ts'
import { buildProgram, type Program } from './program.ts'
import { createSteps, readJournal } from './steps.ts'
import { addressOf } from './story.ts'

let program: Program
let smtp: MailServer
beforeAll(async () => {
  program = await buildProgram()
  smtp = await startMailServer()
})
afterAll(async () => {
  await smtp.close()
  program.remove()
})

/** One invite, a worker that stops itself at `step` past its lease, another relay meanwhile; then the worker goes on. */
async function stoppedAt(kind: 'sqlite' | 'postgres', step: string) {
  const store = await stores[kind]()
  const name = `${kind}-${step.replace(' ', '-')}`
  const [journal, other] = [join(program.folder, `${name}.jsonl`), join(program.folder, `${name}-other.jsonl`)]
  const site = { place: store.place, mail: smtp.url }
  const { invites, close } = openApp(site, createSteps(other, null), { inline: false })
  try {
    const to = addressOf('ada', name)
    await invites.create({ recipient: { email: to }, role: 'member' }, { actor: 'system', organizationId: name })
    const fault = { step, signal: 'SIGSTOP' } as const
    // Only who takes long to write asks again: the lease has just told.
    const writing = step === 'after check' ? 150 : 0
    const worker = await program.start({ site, organizationId: null, journal, fault, writing })
    worker.go()
    await stopped(worker.pid)
    await sleep(leaseMs + 100)
    await invites.relay.drain()
    const rows = () => store.rows('select kind, status, attempts from invite_outbox')
    const told = () => store.rows(`select type from invite_events order by seq`)
    const before = { rows: await rows(), told: await told(), mails: mailsTo(to) }
    worker.signal('SIGCONT')
    expect(await worker.end).toBe('done')
    await invites.relay.drain()
    expect([await rows(), await told()]).toEqual([before.rows, before.told])
    expect(before.rows).toMatchObject([{ kind: 'delivery', status: 'sent' }])
    expect(before.told).toEqual([{ type: 'invite.created' }, { type: 'invite.sent' }])
    expect(before.mails).toHaveLength(step === 'after send' ? 2 : 1)
    const sends = readJournal(journal).filter(each => each.name === 'before send')
    return { sends: sends.length, mails: mailsTo(to) }
  } finally {
    await close()
    await store.drop()
  }
}

const mailsTo = (address: string) => smtp.inbox.filter(({ to }) => to === address)

/** As the kernel sees it: T. */
async function stopped(pid: number): Promise<void> {
  while (!/^\d+ \(.*\) T/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await sleep(10)
}

for (const kind of ['sqlite', 'postgres'] as const) {
  for (const step of ['after lease', 'after check'] as const) {
    test.concurrent(`${kind}: a worker that slept past its lease ${step} sends nothing more`, async () => {
      expect(await stoppedAt(kind, step)).toMatchObject({ sends: 0, mails: [expect.anything()] })
    })
  }

  test.concurrent(`${kind}: a worker that slept past its lease with a send in flight settles nothing, and repeats the same Message-ID`, async () => {
    const { mails } = await stoppedAt(kind, 'after send')
    expect(new Set(mails.map(({ id }) => id)).size).toBe(1)
  })
}
