// The same on SQLite, at two hundred thousand.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sqliteStorage } from '../../adapters/storage/sqlite/index.ts'
import type { Storage } from '../../src/index.ts'
import { emailKey } from '../support/make.ts'
import { type Calls, callsOf, open, owner, ratio } from './calls.ts'
import { emailOf, type Size, seedSqlite } from './seed.ts'

const many: Size = { invites: 200_000, organizations: 200, big: 40_000 }
const few: Size = { invites: 1000, organizations: 3, big: 0 }

const folder = mkdtempSync(join(tmpdir(), 'invitekit-scale-'))
let large: Database
let small: Database
beforeAll(async () => {
  large = await seeded('large', many)
  small = await seeded('small', few)
}, 200_000)
afterAll(() => {
  large?.close()
  small?.close()
  rmSync(folder, { recursive: true })
})

async function seeded(name: string, size: Size): Promise<Database> {
  const db = new Sqlite(join(folder, name))
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = normal')
  await sqliteStorage({ database: db }).migrate()
  seedSqlite(db, size)
  return db
}

/** The steps of the call's statements that read a big table without an index. */
async function scansOf(call: (storage: Storage<Database>) => Promise<unknown>): Promise<string[]> {
  const texts = new Set<string>()
  const watched = new Sqlite(join(folder, 'large'))
  const prepare = watched.prepare.bind(watched)
  // The storage keeps statements for each connection, so a new one prepares every one of them here.
  watched.prepare = ((text: string) => {
    texts.add(text)
    return prepare(text)
  }) as typeof watched.prepare
  await call(sqliteStorage({ database: watched }))
  const steps = [...texts]
    .filter(text => /^\s*(?:select|with|insert|update|delete)/i.test(text))
    .flatMap(text => stepsOf(prepare, text))
  watched.close()
  return steps.filter(step =>
    /^SCAN (?:invite_(?:invites|events|outbox|members)|[xo])\b(?!.*USING (?:COVERING )?INDEX)/.test(step),
  )
}

function stepsOf(prepare: Database['prepare'], text: string): string[] {
  const named = Object.fromEntries([...text.matchAll(/\$(\d+)/g)].map(([, name = '']) => [name, null]))
  const places = Object.keys(named).length > 0 ? [named] : [...text.matchAll(/\?/g)].map(() => null)
  const explained = prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
  return explained.all(...places).map(({ detail }) => detail)
}

const now = new Date()

test.each<[string, (storage: Storage<Database>) => Promise<unknown>]>([
  ['a page', storage => callsOf(open(storage), many).page()],
  ['a page of the big organization', storage => callsOf(open(storage), many, 'org-0').page()],
  ['a preview', storage => callsOf(open(storage), many).preview()],
  ['a create', storage => callsOf(open(storage), many).create()],
  ['an accept', storage => callsOf(open(storage), many, 'org-2').accept()],
  ['a summary', storage => open(storage).summary({}, { actor: owner('org-3') })],
  ['due', storage => storage.lists.due(now, 100)],
  ['due reminders', storage => storage.lists.remindable(now, 100, null)],
  ['a lease', storage => storage.outbox.lease({ owner: 'o', ms: 1 }, { limit: 50, now: null, except: [], lapsed: true })],
  ['mine', storage => storage.lists.mine({ email: emailKey(emailOf(3)), phone: null, now })],
  ['addressed', storage => storage.lists.addressed({ email: emailKey(emailOf(3)) })],
])('%s scans no big table', async (_, call) => {
  expect(await scansOf(call)).toEqual([])
})

test.each<keyof Calls>(['page', 'preview', 'create', 'accept'])(
  '%s costs at 200,000 what it costs at a thousand',
  async name => {
    const one = callsOf(open(sqliteStorage({ database: small })), few)
    const other = callsOf(open(sqliteStorage({ database: large })), many)
    expect(await ratio(one[name], other[name])).toBeLessThan(3)
  },
)
