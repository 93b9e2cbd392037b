// Delivery as the host meets it: in whose context, awaited by whom, counted how.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createInvites } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { createTestInvites } from 'invitekit/testing'
import { expect, test, vi } from 'vitest'

const start = { keys: ['33'.repeat(32)], publicUrl: 'https://app.example.com/invites' }
const role = 'member'
const admin = { actor: 'system', organizationId: 'acme' } as const

test('waitUntil is called in the context of each request, also when parallel calls share a commit', async () => {
  const request = new AsyncLocalStorage<number>()
  const kept: number[] = []
  const invites = createInvites({
    ...start,
    storage: memoryStorage(),
    transports: { email: { send: async () => ({}) } },
    relay: { waitUntil: () => kept.push(request.getStore() ?? -1) },
  })
  const calls = [1, 2, 3, 4].map(id =>
    request.run(id, () => invites.create({ recipient: { email: `p${id}@example.com` }, role }, admin)),
  )
  await Promise.all(calls)
  expect(kept.sort()).toEqual([1, 2, 3, 4])
})

test('a query builder in members.add is awaited though it is no promise', async () => {
  const rows: string[] = []
  const { invites, mailbox, actor } = await createTestInvites({
    members: {
      // biome-ignore lint/suspicious/noThenProperty: what the query builders of Drizzle and Knex are
      add: ({ userId }) => ({ then: (resolve: (done?: unknown) => void) => resolve(rows.push(userId)) }),
      count: () => rows.length,
      find: ({ userId }) => (userId === 'admin-1' ? { userId, role: 'admin' } : null),
    },
  })
  await invites.create({ recipient: { email: 'ada@example.com' }, role }, { actor: actor.admin })
  await invites.accept({ token: mailbox.last().token }, { actor: actor.user('ada@example.com', 'ada') })
  expect(rows).toEqual(['ada'])
})

test('drain counts what left the process, not what listeners heard', async () => {
  const sent: string[] = []
  const invites = createInvites({
    ...start,
    storage: memoryStorage(),
    transports: { email: { send: async ({ to }) => void sent.push(to) } },
    relay: { inline: false },
  })
  await invites.create({ recipient: { email: 'ada@example.com' }, role }, admin)
  expect(await invites.relay.drain()).toEqual({ delivered: 1, failed: 0 })
  expect(sent).toEqual(['ada@example.com'])
  expect(await invites.relay.drain()).toEqual({ delivered: 0, failed: 0 })
})

test('drain counts what it handed over, also when the provider reports of it before we have written it down', async () => {
  const early = { report: async (_: string): Promise<unknown> => null }
  const invites = createInvites({
    ...start,
    storage: memoryStorage(),
    transports: { email: { send: async ({ id }) => void (await early.report(id)) } },
    relay: { inline: false },
  })
  early.report = messageId => invites.report({ messageId, status: 'delivered' })
  const { invite } = await invites.create({ recipient: { email: 'ada@example.com' }, role }, admin)
  expect(await invites.relay.drain()).toEqual({ delivered: 1, failed: 0 })
  expect((await invites.get({ id: invite.id }, admin)).deliveries).toMatchObject([{ status: 'delivered' }])
})

test('events are written for listeners where somebody may hear them, and not where nobody does', async () => {
  const storage = memoryStorage()
  const written: string[][] = []
  const watched: typeof storage = {
    ...storage,
    commit(changes, options) {
      written.push(changes.messages.map(({ target }) => target))
      return storage.commit(changes, options)
    },
  }
  const open = (inline: 'await' | false) =>
    createInvites({
      ...start,
      storage: watched,
      transports: { email: { send: async () => ({}) } },
      relay: { inline },
    })
  const heard: string[] = []
  const create = (invites: ReturnType<typeof open>, name: string) =>
    invites.create({ recipient: { email: `${name}@example.com` }, role }, admin)

  const own = open('await')
  await create(own, 'ada')
  own.on('invite.sent', ({ type }) => void heard.push(type))
  await create(own, 'bob')
  const off = own.on('*', ({ type }) => void heard.push(`* ${type}`))
  await create(own, 'cyd')
  off()
  // Another process delivers this one, and may listen.
  await create(open(false), 'dan')
  expect(written).toEqual([['email'], ['email', 'on'], ['email', 'on'], ['email', 'on']])
  expect(heard).toEqual(['invite.sent', '* invite.created', 'invite.sent', '* invite.sent'])
})

test('under timers that a test has stopped, every message is still delivered before a call returns', async () => {
  vi.useFakeTimers()
  try {
    const { invites, mailbox, actor } = await createTestInvites()
    const list = Array.from({ length: 30 }, (_, nth) => ({ recipient: { email: `p${nth}@example.com` }, role }) as const)
    await invites.createMany({ invites: list }, { actor: actor.admin })
    expect(mailbox.messages).toHaveLength(30)
    const create = (name: string) =>
      invites.create({ recipient: { email: `${name}@example.com` }, role }, { actor: actor.admin })
    await Promise.all(['ann', 'bob', 'cyd'].map(create))
    await create('dan')
    expect(mailbox.messages).toHaveLength(34)
    expect(await invites.relay.drain()).toEqual({ delivered: 0, failed: 0 })
    await invites.close()
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})
