// A SQLite file that is busy, full or may not be written: clear errors in bounded time, no half state, and on it goes.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { sqliteStorage } from 'invitekit/sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { onSqlite } from '../races/hostmembers.ts'
import { invariants } from '../races/invariants.ts'
import { invitesOver, type Store, stores } from '../races/stores.ts'
import { startProcess } from '../support/processes.ts'
import { ada, count, endOf, invite, system, timed, tokenOf } from './room.ts'

let store: Store
let file: string
beforeEach(async () => {
  store = await stores.sqlite()
  file = store.place.kind === 'sqlite' ? store.place.file : ''
})
afterEach(async () => {
  expect(await invariants(store)).toEqual([])
  await store.drop()
})

const over = (database: string | Database.Database, busyTimeout = 300) =>
  invitesOver(sqliteStorage({ database, busyTimeout }) as never)

test('while another process holds the write lock, callers hear so in the time that they were ready to wait', async () => {
  const holder = startProcess(new URL('holder.process.ts', import.meta.url), { file })
  await holder.ready
  const invites = over(file)
  const context = system()
  const [ends, ms] = await timed(() =>
    Promise.all([...Array(20).keys()].map(index => endOf(invite(invites, context, `p${index}@example.com`)))),
  )
  expect(new Set(ends)).toEqual(new Set(['unavailable']))
  expect(ms).toBeLessThan(3_000)
  expect(await endOf(invites.list({}, context))).toBe('ok')
  holder.go()
  await holder.result
  expect(await endOf(invite(invites, context))).toBe('ok')
  expect(await count(store, 'invite_invites')).toBe(1)
  await invites.close()
})

test('a process that waits for the lock gets it when the other one is killed', async () => {
  const holder = startProcess(new URL('holder.process.ts', import.meta.url), { file })
  await holder.ready
  const invites = over(file, 10_000)
  const waiting = endOf(invite(invites, system()))
  await new Promise(resolve => setTimeout(resolve, 100))
  await holder.kill()
  expect(await waiting).toBe('ok')
  // What the killed process had written without a commit is gone.
  expect(await count(store, "host_members where user_id = 'halfway'")).toBe(0)
  await invites.close()
})

test('a full database is unavailable, leaves no half of a bulk, and takes up where it was when there is room', async () => {
  const database = new Database(file)
  const invites = over(database)
  const context = system()
  const pages = Number(database.pragma('page_count', { simple: true }))
  database.pragma(`max_page_count = ${pages + 1}`)
  const metadata = { note: 'x'.repeat(4_000) }
  const bulk = [...Array(50).keys()].map(index => ({ recipient: { email: `p${index}@example.com` }, metadata }))
  const make = () => invites.createMany({ invites: bulk, defaults: { role: 'member' } }, context)
  expect(await endOf(make())).toBe('unavailable')
  for (const table of ['invites', 'events', 'outbox', 'scopes']) expect(await count(store, `invite_${table}`)).toBe(0)
  database.pragma('max_page_count = 1000000')
  expect(await endOf(make())).toBe('ok')
  expect(await count(store, 'invite_invites')).toBe(50)
  database.close()
})

test('a full database undoes the row of the host’s as well', async () => {
  const database = new Database(file)
  const hosted = invitesOver(sqliteStorage({ database }) as never, { members: onSqlite as never })
  const context = system()
  const { link } = await invite(hosted, context)
  database.exec(
    `create temp trigger full after insert on host_members begin select raise(abort, 'database or disk is full'); end`,
  )
  expect(await endOf(hosted.accept({ token: tokenOf(link) }, { actor: ada }))).toContain('full')
  expect(await count(store, 'host_members')).toBe(0)
  expect(await count(store, "invite_invites where status = 'pending'")).toBe(1)
  database.exec('drop trigger full')
  expect(await endOf(hosted.accept({ token: tokenOf(link) }, { actor: ada }))).toBe('ok')
  database.close()
})

test('a connection that may only read answers what reads; what writes is unavailable, at once', async () => {
  const database = new Database(file, { readonly: true })
  const invites = over(database)
  const context = system()
  const [ends, ms] = await timed(() => Promise.all([endOf(invite(invites, context)), endOf(invites.list({}, context))]))
  expect(ends).toEqual(['unavailable', 'ok'])
  expect(ms).toBeLessThan(1_000)
  database.close()
})

test('a file that this user may not write or that is no database, or a folder that is not there, is unavailable', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'invitekit-'))
  writeFileSync(join(folder, 'notes.txt'), 'milk, bread, '.repeat(1_000))
  expect(await endOf(invite(over(join(folder, 'notes.txt')), system()))).toBe('unavailable')
  const invites = over(join(folder, 'nowhere', 'app.db'))
  expect(await endOf(invite(invites, system()))).toBe('unavailable')
  chmodSync(folder, 0o755)
  const own = join(folder, 'app.db')
  const made = over(own)
  await made.migrate()
  await made.close()
  chmodSync(own, 0o444)
  chmodSync(folder, 0o555)
  const reader = startProcess<string>(new URL('reader.process.ts', import.meta.url), { file: own })
  await reader.ready
  reader.go()
  expect(await reader.result).toBe('unavailable')
  rmSync(folder, { recursive: true })
})
