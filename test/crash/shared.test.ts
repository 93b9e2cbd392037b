// Several relays on one outbox, and transactions of a host's that its process does not survive.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Store, stores } from '../races/stores.ts'
import { limits, openApp } from './app.ts'
import { type MailServer, startMailServer } from './mailserver.ts'
import { buildProgram, type Program } from './program.ts'
import { createSteps, readJournal } from './steps.ts'
import { addressOf, undone } from './story.ts'

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

const journalOf = (name: string) => join(program.folder, `${name}.jsonl`)
const mailsIn = (organizationId: string) => smtp.inbox.filter(({ to }) => to.endsWith(`@${organizationId}.example.com`))

/** An own process that lives the story up to a step in the host's transaction, and another's relay afterwards. */
async function joinedUpTo(store: Store, name: string, step: string) {
  const site = { place: store.place, mail: smtp.url }
  const fault = { step, signal: 'SIGKILL' } as const
  const child = await program.start({ site, organizationId: name, journal: journalOf(name), fault, relay: { lease: 1_500 } })
  child.go()
  expect(await child.end).toBe('SIGKILL')
  const { invites, close } = openApp(site, createSteps(journalOf(`${name}-other`), null), { inline: false })
  // Not `expect.poll`: it cannot tell concurrent tests apart.
  await vi.waitFor(() => invites.relay.drain().then(() => empty(store)), { timeout: 12_000, interval: 200 })
  await close()
}

const waiting = async (store: Store) => (await store.rows('select id from invite_outbox where due_at is not null')).length
const empty = async (store: Store) => expect(await waiting(store)).toBe(0)
const invited = (store: Store, email: string) => store.rows(`select id from invite_invites where email = '${email}'`)

for (const kind of ['sqlite', 'postgres'] as const) {
  test.concurrent(`${kind}: a host killed before its COMMIT leaves nothing, and nobody is mailed`, async () => {
    const store = await stores[kind]()
    const name = `${kind}-before`
    await joinedUpTo(store, name, 'before host commit')
    expect(await invited(store, addressOf('fay', name))).toEqual([])
    expect(mailsIn(name).map(({ to }) => to)).not.toContain(addressOf('fay', name))
    await store.drop()
  })

  test.concurrent(`${kind}: a host killed after its COMMIT is delivered by another process; what it rolled back is not`, async () => {
    const store = await stores[kind]()
    const name = `${kind}-after`
    await joinedUpTo(store, name, 'after host rollback')
    expect(await invited(store, addressOf('fay', name))).toHaveLength(1)
    expect(mailsIn(name).map(({ to }) => to)).toContain(addressOf('fay', name))
    expect(mailsIn(name).map(({ to }) => to)).not.toContain(addressOf(undone, name))
    await store.drop()
  })

  test.concurrent(`${kind}: three processes that drain 200 messages send each exactly once`, async () => {
    const store = await stores[kind]()
    const site = { place: store.place, mail: smtp.url }
    const { invites, close } = openApp(site, createSteps(journalOf(`${kind}-maker`), null), { inline: false })
    const names = Array.from({ length: 200 }, (_, index) => ({ org: `${kind}-drain-${index % 40}`, name: `p${index}` }))
    const make = (organizationId: string) =>
      invites.createMany(
        {
          invites: names
            .filter(({ org }) => org === organizationId)
            .map(({ org, name }) => ({ recipient: { email: addressOf(name, org) }, role: 'member' })),
        },
        { actor: 'system', organizationId },
      )
    expect(200 / 40).toBeLessThan(limits.pending)
    await Promise.all([...new Set(names.map(({ org }) => org))].map(make))
    const journals = [0, 1, 2].map(number => journalOf(`${kind}-drain-${number}`))
    const children = await Promise.all(
      journals.map(journal => program.start({ site, organizationId: null, journal, fault: null, relay: { lease: 60_000 } })),
    )
    for (const { go } of children) go()
    expect(await Promise.all(children.map(({ end }) => end))).toEqual(['done', 'done', 'done'])
    const mails = smtp.inbox.filter(({ to }) => to.includes(`@${kind}-drain-`))
    expect(mails.map(({ to }) => to).sort()).toEqual(names.map(({ org, name }) => addressOf(name, org)).sort())
    expect(new Set(mails.map(({ id }) => id)).size).toBe(200)
    const shares = journals.map(journal => readJournal(journal).filter(each => each.name === 'after send').length)
    expect(Math.min(...shares)).toBeGreaterThan(0)
    expect(await store.rows(`select status, attempts, count(*) from invite_outbox group by status, attempts`)).toMatchObject([
      { status: 'sent' },
    ])
    expect(await waiting(store)).toBe(0)
    await close()
    await store.drop()
  }, 40_000)
}
