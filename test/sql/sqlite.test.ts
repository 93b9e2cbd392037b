// What only SQLite has: one writer, no waiting inside the process, transactions of the host's on the same connection.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sqliteStorage } from '../../adapters/storage/sqlite/index.ts'
import { byEmail, changes, delivery, event, listQuery, organization, personal, question } from '../support/make.ts'
import { startProcess } from '../support/processes.ts'

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'invitekit-'))
  file = join(directory, 'app.db')
})
afterEach(() => rmSync(directory, { recursive: true }))

test('processes that migrate at once make the tables once', async () => {
  const running = [1, 2, 3, 4].map(() => startProcess(new URL('migrate.process.ts', import.meta.url), { file }))
  await Promise.all(running.map(one => one.ready))
  for (const one of running) one.go()
  expect(await Promise.all(running.map(one => one.result))).toEqual(Array(4).fill('migrated'))
  const db = new Sqlite(file)
  expect(db.prepare('select version from invite_schema').all()).toEqual([{ version: 1 }, { version: 2 }, { version: 3 }])
  db.close()
})

test('connections that write at once all get through, and the process runs on meanwhile', async () => {
  const stores = [1, 2, 3].map(() => sqliteStorage({ database: file }))
  await stores[0]?.migrate()
  const org = organization()
  const other = new Sqlite(file)
  other.exec('begin immediate')
  let longest = 0
  let last = performance.now()
  const pulse = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  const touches = stores.flatMap(store => [...Array(20)].map(() => store.touch(org)))
  await sleep(300)
  other.exec('commit')
  await Promise.all(touches)
  clearInterval(pulse)
  expect((await stores[0]?.read(question(org)))?.revision).toBe(60)
  expect(longest).toBeLessThan(200)
  other.close()
  for (const store of stores) await store.close()
})

test('a lock that is not given up in time is unavailable', async () => {
  const storage = sqliteStorage({ database: file, busyTimeout: 100 })
  await storage.migrate()
  const other = new Sqlite(file)
  other.exec('begin immediate')
  await expect(storage.touch('org')).rejects.toMatchObject({ code: 'unavailable' })
  expect((await storage.read(question('org'))).revision).toBe(0)
  other.exec('rollback')
  await storage.touch('org')
  other.close()
  await storage.close()
})

test('while a transaction of the host’s is open on its connection, un-joined calls wait, and then are unavailable', async () => {
  const database = new Sqlite(file)
  const storage = sqliteStorage({ database, busyTimeout: 150 })
  await storage.migrate()
  database.exec('begin')
  const waiting = storage.commit(changes('org', 0, { made: [personal('org')] }))
  await sleep(30)
  database.exec('rollback')
  expect(await waiting).toBe('committed')
  database.exec('begin')
  await expect(storage.read(question('org'))).rejects.toMatchObject({ code: 'unavailable' })
  await expect(storage.touch('org')).rejects.toMatchObject({ code: 'unavailable' })
  expect((await storage.read(question('org'), database)).revision).toBe(1)
  database.exec('commit')
  database.close()
})

test('a joined commit that fails leaves nothing of itself, and the host’s own rows', async () => {
  const database = new Sqlite(file)
  const storage = sqliteStorage({ database })
  await storage.migrate()
  database.exec('create table host (id integer)')
  const recipient = byEmail()
  await storage.commit(changes('org', 0, { made: [personal('org', { recipient })] }))
  database.exec('begin immediate')
  database.exec('insert into host values (1)')
  const fine = personal('org')
  const twin = changes('org', 1, { made: [fine, personal('org', { recipient })], events: [event(fine)] })
  await expect(storage.commit(twin, { tx: database })).rejects.toThrow('UNIQUE')
  database.exec('commit')
  const { revision, invites } = await storage.read(question('org', { ids: [fine.id] }))
  expect([revision, invites, database.prepare('select id from host').all()]).toEqual([1, [], [{ id: 1 }]])
  database.close()
})

test('the settings of the host’s connection stay as they are', async () => {
  const database = new Sqlite(file, { timeout: 1234 })
  const storage = sqliteStorage({ database })
  await storage.migrate()
  await storage.close()
  expect(database.pragma('journal_mode', { simple: true })).toBe('delete')
  expect(database.pragma('busy_timeout', { simple: true })).toBe(1234)
  expect(database.open).toBe(true)
  database.close()
})

test('a connection that gives integers as bigints gives the same records', async () => {
  const database = new Sqlite(file).defaultSafeIntegers()
  const storage = sqliteStorage({ database })
  await storage.migrate()
  const invite = personal('org')
  await storage.commit(changes('org', 0, { made: [invite], messages: [delivery(invite)] }))
  expect(await storage.lists.invites(listQuery('org'))).toEqual([invite])
  expect(await storage.outbox.lease({ owner: 'o', ms: 1000 }, { limit: 1, now: null, except: [], lapsed: true })).toHaveLength(
    1,
  )
  database.close()
})

test('what the host’s functions throw inside a commit reaches it as it is', async () => {
  const storage = sqliteStorage({ database: file })
  await storage.migrate()
  const missing = storage.commit(changes('org', 0), {
    beforeCommit: db => void db.prepare('insert into nowhere values (1)').run(),
  })
  await expect(missing).rejects.toMatchObject({ code: 'SQLITE_ERROR', message: 'no such table: nowhere' })
  const promised = storage.commit(changes('org', 0), { beforeCommit: async () => {} })
  await expect(promised).rejects.toThrow('must be synchronous')
  expect((await storage.read(question('org'))).revision).toBe(0)
  await storage.close()
})

test('without tables, or in a directory that is none, it says what is wrong', async () => {
  const storage = sqliteStorage({ database: file })
  await expect(storage.read(question('org'))).rejects.toMatchObject({ code: 'not_migrated' })
  await expect(storage.touch('org')).rejects.toMatchObject({ code: 'not_migrated' })
  await storage.close()
  const nowhere = sqliteStorage({ database: join(directory, 'missing', 'app.db') })
  await expect(nowhere.read(question('org'))).rejects.toThrow('directory does not exist')
})

test('the query for due reminders uses the index of waiting ones', async () => {
  const db = new Sqlite(file)
  const texts = new Set<string>()
  const prepare = db.prepare.bind(db)
  db.prepare = ((text: string) => {
    texts.add(text)
    return prepare(text)
  }) as typeof db.prepare
  const storage = sqliteStorage({ database: db })
  await storage.migrate()
  texts.clear()
  await storage.lists.remindable(new Date(), 20, null)
  const [text = ''] = [...texts].filter(each => each.includes('remind_at'))
  const plan = prepare<unknown[], { detail: string }>(`explain query plan ${text}`).all(0, 20)
  expect(plan.map(({ detail }) => detail)).toEqual([
    'SEARCH x USING INDEX invite_invites_remind_idx (remind_at>? AND remind_at<?)',
  ])
  db.close()
})
