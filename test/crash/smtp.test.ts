// What mail servers do to a relay: refuse, ask for patience, say nothing, hang up in the middle.
import { smtpTransport } from 'invitekit/smtp'
import { expect, onTestFinished, test } from 'vitest'
import { type Behaviour, startSmtp } from '../support/smtp.ts'
import { given, later } from './given.ts'
import { startMailServer } from './mailserver.ts'

async function mailing(behaviour: Behaviour) {
  const server = await startSmtp(behaviour)
  onTestFinished(() => server.close())
  const transport = smtpTransport({ url: server.url, from: 'Acme <team@acme.example>' })
  return { server, ...(await given({ transport, relay: { lease: '1s' } })) }
}

const mail = 'ada@example.com'

test('a mail that the server refuses (550) is failed at once, in our words', async () => {
  const { server, invites, invite, deliveries, clock, events } = await mailing({ refuse: () => true })
  await invite()
  await invites.relay.drain()
  clock.advance(later)
  await invites.relay.drain()
  expect(server.attempts(mail)).toBe(1)
  expect(await deliveries()).toMatchObject([{ status: 'failed', failure: 'The mail server does not take the address (550).' }])
  expect(events.map(({ type }) => type)).toContain('invite.delivery_failed')
})

test('a server that cannot be reached is told of once for each outage, and each mail that is given up', async () => {
  const first = await startSmtp()
  const { port, url } = first
  await first.close()
  const told: string[] = []
  const onError = (error: unknown, { where }: { where: string }) => void told.push(`${where}: ${(error as Error).message}`)
  const transport = smtpTransport({ url, from: 'Acme <team@acme.example>' })
  const { invites, invite, deliveries, clock } = await given({ transport, relay: { maxAttempts: 3 }, options: { onError } })
  const drain = async () => {
    await invites.relay.drain()
    clock.advance(later)
  }
  await Promise.all([invite('ada'), invite('bob')])
  await drain()
  await drain()
  const outage = 'The mail server could not be reached.'
  expect(told.splice(0)).toEqual([`email, try 1: ${outage}`])

  const back = await startSmtp({ port, refuse: address => address === 'bob@example.com' })
  await drain()
  const rows = await deliveries()
  expect(rows.map(({ status }) => status).sort()).toEqual(['failed', 'sent'])
  const lost = rows.find(({ status }) => status === 'failed')?.id
  expect(told.splice(0)).toEqual([
    `email, try 3, given up (delivery ${lost}): The mail server does not take the address (550).`,
  ])
  await back.close()

  await invite('cy')
  for (const _ of [1, 2, 3]) await drain()
  const [, , last] = await deliveries()
  expect(told).toEqual([`email, try 1: ${outage}`, `email, try 3, given up (delivery ${last?.id}): ${outage}`])
})

test('a greylisted mail (451) is sent a little later, with the same Message-ID as its delivery', async () => {
  const { server, invites, invite, deliveries, clock } = await mailing({ greylist: (_, attempt) => attempt === 1 })
  await invite()
  await invites.relay.drain()
  const [row] = await deliveries()
  expect(row).toMatchObject({ status: 'queued', failure: 'The mail server asks to try again later (451).' })
  clock.advance(later)
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent', attempts: 2, failure: null }])
  expect(server.inbox.map(({ messageId }) => messageId)).toEqual([`<${row?.id}@acme.example>`])
})

test('a mail server that hangs is given up before the lease ends, and tried again', async () => {
  const { server, invites, invite, deliveries, clock } = await mailing({ hang: (_, attempt) => attempt === 1 })
  await invite()
  const since = performance.now()
  await invites.relay.drain()
  expect(performance.now() - since).toBeLessThan(5_000)
  expect(await deliveries()).toMatchObject([{ status: 'queued', attempts: 1 }])
  clock.advance(later)
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent', attempts: 2 }])
  expect(server.inbox).toHaveLength(1)
})

test('a mail that the server took before it hung up comes again with the same Message-ID', async () => {
  const { server, invites, invite, deliveries, clock } = await mailing({ drop: (_, attempt) => attempt === 1 })
  await invite()
  await invites.relay.drain()
  clock.advance(later)
  await invites.relay.drain()
  expect(await deliveries()).toMatchObject([{ status: 'sent' }])
  const ids = server.inbox.map(({ messageId }) => messageId)
  expect(ids.length).toBeGreaterThan(1)
  expect(new Set(ids).size).toBe(1)
})

test('a connection that closes in the middle of DATA loses nothing', async () => {
  const server = await startMailServer(nth => nth === 1)
  onTestFinished(() => server.close())
  const transport = smtpTransport({ url: server.url, from: 'Acme <team@acme.example>' })
  const { invites, invite, deliveries, clock } = await given({ transport, relay: { lease: '5s' } })
  await invite()
  await invites.relay.drain()
  clock.advance(later)
  await invites.relay.drain()
  const [row] = await deliveries()
  expect(row).toMatchObject({ status: 'sent' })
  expect(server.inbox).toMatchObject([{ to: mail, id: row?.id }])
  expect(server.begun()).toBe(2)
})
