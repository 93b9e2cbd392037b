// The connection, our own or the host's. Transactions are synchronous: there is never an await between begin and commit.
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import { isInviteError } from '../../../src/core.ts'
import { storageError } from '../sql/errors.ts'
import { explained, isBusy } from './errors.ts'
import { run } from './statements.ts'

export interface Connection {
  /** Runs a read in one snapshot, in `tx` if given. */
  read<T>(tx: Database | undefined, work: (db: Database) => T): Promise<T>
  /** Runs a transaction: all that `work` writes or nothing. In `tx` if given, as a savepoint that can fail alone. */
  write<T>(tx: Database | undefined, work: (db: Database) => T): Promise<T>
  close(): Promise<void>
}

export interface ConnectionOptions {
  readonly database: string | Database
  readonly synchronous: 'normal' | 'full'
  /** How long to wait for another's transaction, in milliseconds. */
  readonly busyTimeoutMs: number
}

export function createConnection({ database, synchronous, busyTimeoutMs }: ConnectionOptions): Connection {
  let opened: Promise<Database> | null = null
  let isClosed = false
  const open = (): Promise<Database> => {
    if (isClosed) throw storageError('unavailable', 'the storage is closed')
    if (typeof database !== 'string') return Promise.resolve(database)
    opened ??= openFile(database, synchronous, busyTimeoutMs).catch(error => {
      opened = null
      throw error
    })
    return opened
  }

  async function perform<T>(tx: Database | undefined, work: (db: Database) => T): Promise<T> {
    if (tx) return onOwnDatabase(tx, () => explaining(() => work(tx)))
    const db = await open()
    return whileBusy(busyTimeoutMs, () => (db.inTransaction ? busy : work(db)))
  }

  /** When our tables are missing, `tx` may be a connection to another database. */
  function onOwnDatabase<T>(tx: Database, work: () => T): T {
    try {
      return work()
    } catch (error) {
      const own = typeof database === 'string' ? database : database.name
      const isOurs = tx === database || (!tx.memory && resolve(tx.name) === resolve(own))
      if (isOurs || !isInviteError(error) || error.code !== 'not_migrated') throw error
      throw new TypeError(`invitekit: \`tx\` is another connection than the storage's, to another database`, { cause: error })
    }
  }

  return {
    read: (tx, work) => perform(tx, db => (db.inTransaction ? work(db) : unit(db, 'begin', work))),
    write: (tx, work) => perform(tx, db => (tx ? savepoint(begun(db), work) : unit(db, 'begin immediate', work))),
    async close() {
      isClosed = true
      await (await opened)?.close()
    },
  }
}

/** Outside a transaction a savepoint would commit. `db.transaction(fn)` ends before anything is awaited, so it cannot be joined. */
function begun(db: Database): Database {
  if (db.inTransaction) return db
  throw new Error(
    'invitekit: the `tx` is in no transaction: run `begin immediate` before the call, and `commit` after it was awaited',
  )
}

function unit<T>(db: Database, begin: 'begin' | 'begin immediate', work: (db: Database) => T): T {
  run(db, begin)
  try {
    const result = work(db)
    run(db, 'commit')
    return result
  } catch (error) {
    // SQLite rolls back by itself on some errors.
    if (db.inTransaction) run(db, 'rollback')
    throw error
  }
}

function savepoint<T>(db: Database, work: (db: Database) => T): T {
  run(db, 'savepoint invitekit')
  try {
    const result = work(db)
    run(db, 'release invitekit')
    return result
  } catch (error) {
    if (db.inTransaction) {
      run(db, 'rollback to invitekit')
      run(db, 'release invitekit')
    }
    throw error
  }
}

const busy = Symbol('busy')

/**
 * Retries while another connection writes, or while the host has a transaction open on this one. SQLite's own busy timeout
 * would block the whole process.
 */
async function whileBusy<T>(busyTimeoutMs: number, attempt: () => T | typeof busy): Promise<T> {
  const deadline = performance.now() + busyTimeoutMs
  for (let attempts = 0; ; attempts += 1) {
    const result = explaining(() => unlessBusy(attempt))
    if (result !== busy) return result
    if (performance.now() > deadline) {
      throw storageError('unavailable', 'the database stayed locked; a call inside your own transaction must be given its `tx`')
    }
    await sleep(Math.random() * Math.min(2 ** attempts, 30))
  }
}

function unlessBusy<T>(attempt: () => T | typeof busy): T | typeof busy {
  try {
    return attempt()
  } catch (error) {
    if (isBusy(error)) return busy
    throw error
  }
}

function explaining<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw explained(error)
  }
}

async function openFile(path: string, synchronous: 'normal' | 'full', busyTimeoutMs: number): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3').catch(cause => {
    throw new Error('sqliteStorage needs the package `better-sqlite3`: npm install better-sqlite3', { cause })
  })
  return whileBusy(busyTimeoutMs, () => {
    const db = new Sqlite(path, { timeout: 0 })
    try {
      // Changing the mode needs a lock, which other starting processes may hold: `whileBusy` retries.
      db.pragma('journal_mode = wal')
      db.pragma(`synchronous = ${synchronous}`)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  })
}
