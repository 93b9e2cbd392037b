// A message that ends every process that sends it: given up in the end, and all the others are delivered.
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stores } from '../races/stores.ts'
import { openApp } from './app.ts'
import { type MailServer, startMailServer } from './mailserver.ts'
import { buildProgram, type Program } from './program.ts'
import { createSteps } from './steps.ts'

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

const relay = { lease: '1s', maxAttempts: 2 } as const

for (const kind of ['sqlite', 'postgres'] as const) {
  test.concurrent(`${kind}: a mail that kills the process that sends it is given up after its tries; the others are mailed`, async () => {
    const store = await stores[kind]()
    const site = { place: store.place, mail: smtp.url }
    const other = join(program.folder, `${kind}-poison-other.jsonl`)
    const { invites, close } = openApp(site, createSteps(other, null), { inline: false })
    const context = { actor: 'system', organizationId: `${kind}-poison` } as const
    const addressOf = (name: string) => `${name}@${kind}-poison.example.com`
    for (const name of ['ada', 'bob', 'poison', 'cyd', 'dan'])
      await invites.create({ recipient: { email: addressOf(name) }, role: 'member' }, context)

    let deaths = 0
    for (let run = 0; run < 12; run += 1) {
      const journal = join(program.folder, `${kind}-poison-${run}.jsonl`)
      const fault = { step: 'before send', about: 'poison@', signal: 'SIGKILL' } as const
      const worker = await program.start({ site, organizationId: null, journal, fault, relay })
      worker.go()
      if ((await worker.end) === 'done') {
        if ((await waiting()) === 0) break
      } else deaths += 1
      await sleep(1_050)
    }
    // maxAttempts, and one more: of a try that nobody saw the end of nobody can say that it failed.
    expect(deaths).toBe(relay.maxAttempts + 1)
    const mailed = smtp.inbox.map(({ to }) => to).filter(to => to.includes(`@${kind}-poison`))
    expect([...new Set(mailed)].sort()).toEqual(['ada', 'bob', 'cyd', 'dan'].map(addressOf))
    const { data } = await invites.list({ status: ['pending'] }, context)
    const ends = data.map(({ recipient, deliveries }) => [recipient?.email, deliveries[0]?.status, deliveries[0]?.failure])
    expect(ends.sort()).toEqual([
      [addressOf('ada'), 'sent', null],
      [addressOf('bob'), 'sent', null],
      [addressOf('cyd'), 'sent', null],
      [addressOf('dan'), 'sent', null],
      [addressOf('poison'), 'failed', 'No try of it ended.'],
    ])
    const told = await store.rows(`select type from invite_events where type = 'invite.delivery_failed'`)
    expect(told).toHaveLength(1)
    await close()
    await store.drop()

    async function waiting() {
      return (await store.rows('select id from invite_outbox where due_at is not null')).length
    }
  }, 40_000)
}
