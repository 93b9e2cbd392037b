// A message that ends every process that sends it: given up in the end, and all the others are delivered.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stores } from '../races/stores.ts'
import { openApp } from './app.ts'
import { given, later } from './given.ts'
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

const long = { sqlite: '0', postgres: 'to_timestamp(0)' } as const
/** Whoever holds a message is gone, and its lease is over. */
const expireLeases = (kind: keyof typeof long) => `update invite_outbox set leased_until = ${long[kind]}`

const poisons = {
  mail: { recipient: { email: 'poison@example.com' }, about: 'poison@' },
  SMS: { recipient: { phone: '+15005550006' }, about: '+15005550006' },
}

for (const kind of ['sqlite', 'postgres'] as const)
  for (const [what, maxAttempts] of [
    ['mail', 2],
    ['SMS', 1],
  ] as const)
    test.concurrent(`${kind}: one ${what} that kills the process that sends it is given up; the mails beside it arrive at ${maxAttempts} tries`, async () => {
      const { recipient, about } = poisons[what]
      const store = await stores[kind]()
      const site = { place: store.place, mail: smtp.url }
      const name = `${kind}-${what}-poison`
      const other = join(program.folder, `${name}-other.jsonl`)
      const { invites, close } = openApp(site, createSteps(other, null), { inline: false })
      const context = { actor: 'system', organizationId: name } as const
      const good = ['ada', 'bob', 'cyd', 'dan'].map(each => `${each}@${name.toLowerCase()}.example.com`)
      const create = (to: object) => invites.create({ recipient: to, role: 'member' }, context)
      for (const email of good.slice(0, 2)) await create({ email })
      await create(recipient)
      for (const email of good.slice(2)) await create({ email })

      let deaths = 0
      for (let run = 0; run < 12; run += 1) {
        const journal = join(program.folder, `${name}-${run}.jsonl`)
        const fault = { step: 'before send', about, signal: 'SIGKILL' } as const
        const worker = await program.start({ site, organizationId: null, journal, fault, relay: { lease: '30s', maxAttempts } })
        worker.go()
        if ((await worker.end) === 'done') break
        deaths += 1
        await store.rows(expireLeases(kind))
      }
      // The first try was made beside others, so it does not count.
      expect(deaths).toBe(maxAttempts + 1)
      const { data } = await invites.list({ status: ['pending'] }, context)
      const ends = data.map(({ recipient, deliveries }) => [
        recipient?.email ?? about,
        deliveries[0]?.status,
        deliveries[0]?.failure,
      ])
      expect(ends.sort()).toEqual(
        [
          ...good.map(email => [email, 'sent', null]),
          [what === 'mail' ? 'poison@example.com' : about, 'failed', 'No try of it ended.'],
        ].sort(),
      )
      expect([...new Set(smtp.inbox.map(({ to }) => to).filter(to => good.includes(to)))].sort()).toEqual(good)
      const told = await store.rows(`select type from invite_events where type = 'invite.delivery_failed'`)
      expect(told).toHaveLength(1)
      await close()
      await store.drop()
    }, 60_000)

for (const kind of ['sqlite', 'postgres'] as const) {
  test(`${kind}: a try whose end nobody saw is not counted with those that failed`, async () => {
    let tries = 0
    const transport = async () => {
      tries += 1
      if (tries === 1) throw new Error('busy')
      return {}
    }
    const { store, clock, invites, invite, deliveries } = await given({ kind, transport, relay: { maxAttempts: 2 } })
    await invite()
    await store.rows(`update invite_outbox set attempts = 1, lease_owner = 'dead', leased_until = ${long[kind]}`)
    await invites.relay.drain()
    expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1, failure: 'the transport failed' }])
    clock.advance(later)
    await invites.relay.drain()
    expect(await deliveries()).toMatchObject([{ status: 'sent', attempts: 2 }])
  })
}
