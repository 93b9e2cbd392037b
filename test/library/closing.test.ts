// After close() every call is refused alike; what several invites share stays open until the last of them is closed.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInvites, type InvitesOptions } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import { afterAll, describe, expect, test } from 'vitest'
import { question } from '../support/make.ts'
import { freshDatabase } from '../support/postgres.ts'
import { onEveryStorage, worldIn } from './given.ts'

type Call = (input: object, context: object) => unknown

/** Every call there is, by its name; `close` and `relay.stop` may be repeated. */
const callsOf = (part: object, path = ''): readonly (readonly [string, Call])[] =>
  Object.entries(part)
    .map(([name, value]) => [path + name, value] as const)
    .filter(([name]) => !['config', 'close', 'relay.stop'].includes(name))
    .flatMap(([name, value]) => (typeof value === 'function' ? [[name, value] as const] : callsOf(value, `${name}.`)))

const answerOf = async (call: Call) => {
  const answer = call({}, {})
  return answer instanceof Object && Symbol.asyncIterator in answer ? (answer as AsyncGenerator).next() : answer
}

onEveryStorage((given, store) => {
  test('every call of closed invites is unavailable and says why; others on the storage go on', async () => {
    const [{ invites }, other] = [await given(), await worldIn(store())]
    await invites.close()
    const calls = callsOf(invites)
    expect(calls.map(([name]) => name)).toEqual(
      expect.arrayContaining(['create', 'members.add', 'relay.drain', 'relay.start', 'on']),
    )
    for (const [name, call] of calls) {
      const refused = await answerOf(call).catch(({ code, message }) => ({ name, code, message }))
      expect(refused).toEqual({ name, code: 'unavailable', message: 'these invites are closed' })
    }
    await invites.relay.stop()
    await invites.close()
    expect((await other.invite('ada')).invite.status).toBe('pending')
  })
})

test('only what is synchronous throws at once: everything else answers with a promise', async () => {
  const invites = createInvites(options(memoryStorage()))
  await invites.close()
  const thrown = callsOf(invites).filter(([, call]) => {
    try {
      void Promise.resolve(call({}, {})).catch(() => {})
      return false
    } catch {
      return true
    }
  })
  expect(thrown.map(([name]) => name).sort()).toEqual(['on', 'relay.start'])
})

const options = (storage: unknown, more: object = {}) =>
  ({ storage, keys: ['5a'.repeat(32)], publicUrl: 'https://app.example.com/invites', ...more }) as InvitesOptions<unknown>

const system = { actor: 'system', organizationId: 'acme' } as const

describe('two invites on one storage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'invitekit-closing-'))
  const database = await freshDatabase()
  afterAll(async () => {
    await database.drop()
    rmSync(folder, { recursive: true })
  })

  test.each([
    ['SQLite', () => sqliteStorage({ database: join(folder, 'app.db') })],
    ['Postgres', () => postgresStorage(database.url)],
  ])('%s: the first that is closed ends neither the other nor its storage; the last ends it for good', async (_, make) => {
    const storage = make()
    const [one, two] = [createInvites(options(storage)), createInvites(options(storage))]
    await one.migrate()
    await one.close()
    await one.close()
    expect((await two.create({ kind: 'open', role: 'member' }, system)).outcome).toBe('created')
    await two.close()
    await expect(storage.read(question('acme'))).rejects.toThrow('the storage is closed')
    await storage.close()
  })

  test('a transport and a sink that they share are closed with the last, too, and once', async () => {
    const closed: string[] = []
    const email = { send: async () => ({}), close: () => void closed.push('transport') }
    const sink = { name: 'log', publish: async () => {}, close: () => void closed.push('sink') }
    const [one, two] = [1, 2].map(() => createInvites(options(memoryStorage(), { transports: { email }, sinks: [sink] })))
    await one?.close()
    expect(closed).toEqual([])
    await Promise.all([two?.close(), two?.close()])
    expect(closed).toEqual(['transport', 'sink'])
  })
})
