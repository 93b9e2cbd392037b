// SQLite: a transaction that the host begins by hand on its own better-sqlite3 connection, with functions that wait for nothing.
import Sqlite from 'better-sqlite3'
import { createInvites, isInviteError, type MembersPort } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { endsOf, keys, tokenOf } from './host.ts'
import { createTable } from './libraries/library.ts'

let db: Sqlite.Database
beforeEach(() => {
  db = new Sqlite(':memory:')
  db.exec(createTable)
})
afterEach(() => void db.close())

const count = (table: string) => db.prepare<[], { n: number }>(`select count(*) as n from ${table}`).get()?.n

const given: Sqlite.Database[] = []
const members: MembersPort<string, Sqlite.Database, true> = {
  add: ({ organizationId, userId }, tx) => {
    given.push(tx)
    tx.prepare('insert into team_members values (?, ?)').run(organizationId, userId)
  },
  count: (organizationId, tx) =>
    tx.prepare<[string], { n: number }>('select count(*) as n from team_members where organization = ?').get(organizationId)
      ?.n ?? 0,
  find: () => null,
}

async function open(busyTimeout = 5_000) {
  const mails: string[] = []
  const invites = createInvites({
    keys,
    publicUrl: 'https://app.example.com/invites',
    relay: { inline: false },
    transports: { email: { send: async ({ to }) => void mails.push(to) } },
    members,
    storage: sqliteStorage({ database: db, busyTimeout }),
  })
  await invites.migrate()
  const organizationId = 'acme'
  const system = { actor: 'system', organizationId } as const
  return {
    invites,
    mails,
    create: (email: string, tx?: Sqlite.Database) =>
      invites.create({ recipient: { email }, role: 'member' }, { ...system, tx }),
    accept: (token: string, email: string, tx?: Sqlite.Database) =>
      invites.accept({ token }, { actor: { userId: email, email, emailVerified: true }, tx }),
  }
}

test('the host’s rollback takes invite, membership, events and mail with it; its commit brings them', async () => {
  const { invites, mails, create, accept } = await open()
  const token = tokenOf(await create('ada@example.com'))
  for (const end of ['rollback', 'commit']) {
    db.exec('begin immediate')
    await create('bob@example.com', db)
    await accept(token, 'ada@example.com', db)
    db.exec(end)
    const done = end === 'commit'
    expect([count('invite_invites'), count('team_members')]).toEqual(done ? [2, 1] : [1, 0])
    // Made, then also sent by the relay; in the end another made, and the first accepted.
    expect(count('invite_events')).toBe(done ? 4 : 1)
    await invites.relay.drain()
    expect(mails.includes('bob@example.com')).toBe(done)
  }
  expect(given.every(each => each === db)).toBe(true)
})

test('a rejection leaves the transaction usable', async () => {
  const { create } = await open()
  db.exec('begin immediate')
  await create('ada@example.com', db)
  const refused = await create('ada@example.com', db).catch(error => isInviteError(error) && error.code)
  db.exec(`insert into team_members values ('acme', 'eve')`)
  db.exec('commit')
  expect([refused, count('invite_invites'), count('team_members')]).toEqual(['already_invited', 1, 1])
})

test('own calls meanwhile wait for the host’s transaction, and in the end are refused', async () => {
  const { create } = await open(150)
  db.exec('begin immediate')
  await create('ada@example.com', db)
  const waiting = [create('bob@example.com')]
  await new Promise(resolve => setTimeout(resolve, 30))
  db.exec('commit')
  expect(await endsOf(waiting)).toEqual({ ok: 1 })
  db.exec('begin immediate')
  expect(await endsOf([create('eve@example.com')])).toEqual({ unavailable: 1 })
  db.exec('rollback')
  expect(count('invite_invites')).toBe(2)
})
