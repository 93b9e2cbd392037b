// What only Postgres has: locks and isolation levels, connections that are lost, other people's settings.
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import { changes, delivery, event, listQuery, open, organization, personal, question, unique } from '../support/make.ts'
import { type Database, freshDatabase, logged, statementsOf, withSettings } from '../support/postgres.ts'
import { startProcess } from '../support/processes.ts'

let database: Database
beforeAll(async () => {
  database = await freshDatabase()
  await postgresStorage({ pool: database.pool }).migrate()
})
afterAll(() => database.drop())

const poolOf = (url: string, max = 10) => {
  const pool = new pg.Pool({ connectionString: url, max })
  pool.on('error', () => {})
  return pool
}

describe('postgres: tables', () => {
  test('processes that migrate at once make the tables once', async () => {
    const own = await freshDatabase()
    try {
      const running = [1, 2, 3, 4].map(() => startProcess(new URL('migrate.process.ts', import.meta.url), { url: own.url }))
      await Promise.all(running.map(one => one.ready))
      for (const one of running) one.go()
      expect(await Promise.all(running.map(one => one.result))).toEqual(Array(4).fill('migrated'))
      expect((await own.pool.query('select version from invites.invite_schema')).rows).toEqual([
        { version: '1' },
        { version: '2' },
        { version: '3' },
      ])
    } finally {
      await own.drop()
    }
  })

  test('a prefix keeps two sets of tables apart', async () => {
    const [one, two] = ['one_', 'two_'].map(tablePrefix => postgresStorage({ pool: database.pool, tablePrefix }))
    await one?.migrate()
    await expect(two?.read(question('org'))).rejects.toMatchObject({ code: 'not_migrated' })
    await two?.migrate()
    await one?.touch('org')
    expect([(await one?.read(question('org')))?.revision, (await two?.read(question('org')))?.revision]).toEqual([1, 0])
  })

  test('tables that are older than the code, or need newer code, answer not_migrated', async () => {
    const storage = postgresStorage({ pool: database.pool, tablePrefix: 'aged_' })
    await storage.migrate()
    await database.pool.query('delete from aged_schema where version > 1')
    await expect(storage.read(question('org'))).rejects.toMatchObject({ code: 'not_migrated' })
    await database.pool.query('insert into aged_schema values (9, 9)')
    await expect(storage.read(question('org'))).rejects.toThrow('update invitekit')
    await database.pool.query('update aged_schema set minimum_reader = 1')
    expect((await storage.read(question('org'))).revision).toBe(0)
  })

  test.each(['robert"; drop table x', 'a b', ''])('a prefix or schema that is no word is refused: %s', name => {
    expect(() => postgresStorage({ pool: database.pool, schema: name })).toThrow(TypeError)
    expect(() => postgresStorage({ pool: database.pool, tablePrefix: name })).toThrow(TypeError)
  })
})

describe('postgres: locks and isolation', () => {
  test('an un-joined call inside the host’s own transaction on the same organization ends as unavailable', async () => {
    const org = organization()
    const storage = postgresStorage({ pool: database.pool, lockTimeout: 200 })
    const host = await database.pool.connect()
    try {
      await host.query('begin')
      await storage.commit(changes(org, 0), { tx: host })
      await expect(storage.commit(changes(org, 0))).rejects.toMatchObject({ code: 'unavailable' })
      await expect(storage.touch(org)).rejects.toMatchObject({ code: 'unavailable' })
      await expect(storage.withLock?.(org, async () => {})).rejects.toMatchObject({ code: 'unavailable' })
      expect((await host.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '0' }])
      await host.query('commit')
    } finally {
      host.release()
    }
    expect((await storage.read(question(org))).revision).toBe(1)
  })

  test.each(['repeatable read', 'serializable'])('a database whose default is %s changes nothing', async level => {
    const pool = poolOf(withSettings(database.url, { default_transaction_isolation: level }))
    const storage = postgresStorage({ pool })
    const org = organization()
    const attempt = async () => {
      for (;;) {
        const { revision, pending } = await storage.read(question(org, { pending: 100 }))
        if (pending >= 5) return false
        const invite = open(org)
        const commit = changes(org, revision, { made: [invite], events: [event(invite)], messages: [delivery(invite)] })
        if ((await storage.commit(commit, { beforeCommit: async () => {} })) === 'committed') return true
      }
    }
    const locked = () =>
      storage.withLock?.(org, async tx => {
        const { revision } = await storage.read(question(org), tx)
        return storage.commit(changes(org, revision), { tx })
      })
    try {
      expect((await Promise.all([...Array(16)].map(attempt))).filter(Boolean)).toHaveLength(5)
      expect(await Promise.all([...Array(8)].map(locked))).toEqual(Array(8).fill('committed'))
      const leases = [...Array(4)].map(() =>
        storage.outbox.lease({ owner: unique('o'), ms: 60_000 }, { limit: 2, now: null, except: [], lapsed: true }),
      )
      const leased = (await Promise.all(leases)).flat().map(({ message }) => message.id)
      expect(new Set(leased).size).toBe(leased.length)
      await Promise.all([...Array(8)].map(() => storage.touch(org)))
      await Promise.all([...Array(8)].map(() => storage.incrementCounter(org, 60_000, null)))
    } finally {
      await pool.end()
    }
  })

  test('a joined commit under repeatable read throws the serialization failure as it is, for the host to retry', async () => {
    const org = organization()
    const storage = postgresStorage({ pool: database.pool })
    await storage.touch(org)
    const host = await database.pool.connect()
    try {
      await host.query('begin isolation level repeatable read')
      const { revision } = await storage.read(question(org), host)
      await storage.touch(org)
      await expect(storage.commit(changes(org, revision), { tx: host })).rejects.toMatchObject({ code: '40001' })
    } finally {
      await host.query('rollback')
      host.release()
    }
  })

  test('withLock holds off other writers until its work is done', async () => {
    const org = organization()
    const storage = postgresStorage({ pool: database.pool })
    let touched = false
    let other: Promise<void> | undefined
    await storage.withLock?.(org, async tx => {
      other = storage.touch(org).then(() => {
        touched = true
      })
      await new Promise(resolve => setTimeout(resolve, 100))
      expect(touched).toBe(false)
      expect(await storage.commit(changes(org, 0, { made: [personal(org)] }), { tx })).toBe('committed')
    })
    await other
    expect((await storage.read(question(org))).revision).toBe(2)
  })
})

describe('postgres: beforeCommit', () => {
  test('a statement that failed inside and was caught commits nothing, and the error says so', async () => {
    const org = organization()
    const storage = postgresStorage({ pool: database.pool })
    const caught = storage.commit(changes(org, 0), {
      beforeCommit: tx =>
        tx.query('select 1/0').then(
          () => {},
          () => {},
        ),
    })
    await expect(caught).rejects.toThrow('nothing was committed')
    expect((await storage.read(question(org))).revision).toBe(0)
  })

  test('a duplicate of the host’s own making reaches the host as it is', async () => {
    const org = organization()
    const storage = postgresStorage({ pool: database.pool })
    const table = unique('host').replace('-', '_')
    await database.pool.query(`create table ${table} (id int primary key)`)
    const twice = storage.commit(changes(org, 0), {
      beforeCommit: async tx => void (await tx.query(`insert into ${table} values (1), (1)`)),
    })
    await expect(twice).rejects.toMatchObject({ code: '23505', table })
    const missing = storage.commit(changes(org, 0), {
      beforeCommit: async tx => void (await tx.query('select * from nowhere')),
    })
    await expect(missing).rejects.toMatchObject({ code: '42P01' })
  })

  test('more of them than the pool has connections do not deadlock', async () => {
    const pool = poolOf(database.url, 4)
    const storage = postgresStorage({ pool })
    const usesThePool = () =>
      storage.commit(changes(organization(), 0), { beforeCommit: async () => void (await pool.query('select 1')) })
    expect(await Promise.all([...Array(8)].map(usesThePool))).toEqual(Array(8).fill('committed'))
    await pool.end()
  })
})

describe('postgres: connections', () => {
  test('a connection that is ended in the middle is unavailable, and the next call has another', async () => {
    const pool = poolOf(database.url)
    const storage = postgresStorage({ pool })
    const org = organization()
    const killed = storage.commit(changes(org, 0), {
      beforeCommit: async tx => {
        const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
        await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid])
        await new Promise(resolve => setTimeout(resolve, 50))
      },
    })
    await expect(killed).rejects.toMatchObject({ code: 'unavailable' })
    expect(await storage.commit(changes(org, 0))).toBe('committed')
    expect(pool.totalCount).toBe(pool.idleCount)
    await pool.end()
    await expect(storage.read(question(org))).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('nobody there, and no connection free, are unavailable', async () => {
    const nobody = postgresStorage('postgres://127.0.0.1:1/none')
    await expect(nobody.read(question('org'))).rejects.toMatchObject({ code: 'unavailable' })
    await nobody.close()
    const pool = poolOf(database.url, 1)
    const held = await pool.connect()
    const storage = postgresStorage({ pool, acquireTimeout: 100 })
    await expect(storage.read(question('org'))).rejects.toMatchObject({ code: 'unavailable' })
    await expect(storage.withLock?.('org', async () => {})).rejects.toMatchObject({ code: 'unavailable' })
    held.release()
    expect((await storage.read(question('org'))).revision).toBe(0)
    await pool.end()
  })

  test('a read-only database is unavailable', async () => {
    const storage = postgresStorage(withSettings(database.url, { default_transaction_read_only: 'on' }))
    expect((await storage.read(question(organization()))).revision).toBe(0)
    await expect(storage.commit(changes(organization(), 0))).rejects.toMatchObject({ code: 'unavailable' })
    await storage.close()
  })

  test('the session’s time zone, date style and the pool’s type parsers change nothing that is read', async () => {
    const url = withSettings(database.url, { TimeZone: 'Asia/Kathmandu', DateStyle: 'SQL,DMY', IntervalStyle: 'sql_standard' })
    const storage = postgresStorage(url)
    const org = organization()
    const never = personal(org, { expiresAt: null, lifetime: null, metadata: { b: [1, { a: null }], a: 'ü😀"\\' } })
    await storage.commit(changes(org, 0, { made: [never], events: [event(never)] }))
    expect((await storage.read(question(org, { ids: [never.id] }))).invites).toEqual([never])
    expect(await storage.lists.invites(listQuery(org))).toEqual([never])
    const { days } = await storage.lists.summary({ organizationId: org, now: never.createdAt, since: never.createdAt })
    expect(days).toEqual([{ day: '2024-05-06', type: 'invite.created', count: 1 }])
    await storage.close()
  })

  test('a read is one statement, a commit is one', async () => {
    const logFile = inject('postgresLog')
    const org = organization()
    const name = unique('count')
    const pool = poolOf(logged(database.url, name))
    const storage = postgresStorage({ pool })
    const invite = personal(org)
    await storage.read(question(org, { emails: [], pending: 5 }))
    await storage.commit(changes(org, 0, { made: [invite], events: [event(invite)], messages: [delivery(invite)] }))
    await pool.end()
    if (logFile !== null) expect(statementsOf(logFile, name)).toHaveLength(2)
  })
})
