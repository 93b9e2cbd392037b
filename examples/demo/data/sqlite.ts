// Acme Notes on SQLite: one better-sqlite3 connection for the app's tables and invitekit's.
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite, { type Database } from 'better-sqlite3'
import type { MembersPort } from 'invitekit'
import { sqliteStorage } from 'invitekit/sqlite'
import type { Role } from '../app/people.ts'
import { type Db, type Row, sql, tables, type Value } from './db.ts'

export function openSqlite(file: string): Db<Database> {
  const database = open(file)
  database.pragma('journal_mode = wal')
  for (const table of tables) database.exec(table)
  return {
    name: 'SQLite',
    address: file,
    storage: sqliteStorage({ database }),
    members: membersOf(database),
    query: (text, values = []) => patiently(() => rows(database, text, values)),
    async transaction(work) {
      const tx = open(file)
      try {
        await patiently(() => tx.exec('begin immediate'))
        const result = await work(tx)
        tx.exec('commit')
        return result
      } finally {
        tx.close() // rolls back what was not committed
      }
    },
    close: async () => void database.close(),
  }
}

/** Synchronous, as a SQLite transaction is. `tx` is the connection that holds the transaction. */
const membersOf = (database: Database): MembersPort<Role, Database> => ({
  add({ organizationId, userId, role }, tx) {
    rows(tx, sql.add, [organizationId, userId, role])
  },
  count: (organizationId, tx = database) => Number(rows(tx, sql.count, [organizationId])[0]?.['n']),
  find({ organizationId, userId, email }, tx = database) {
    const [row] = rows(tx, sql.find, [organizationId, userId ?? null, email ?? null])
    return row ? { userId: String(row['user_id']), role: String(row['role']) } : null
  },
})

// No busy timeout: it would stop the whole process, and with it the transaction that is waited for.
const open = (file: string) => new Sqlite(file, { timeout: 0 })

function rows(database: Database, text: string, values: readonly Value[]): Row[] {
  const statement = database.prepare<unknown[], Row>(text)
  const named = Object.fromEntries(values.map((value, index) => [index + 1, value]))
  if (statement.reader) return statement.all(named)
  statement.run(named)
  return []
}

/** Waits for its turn while another connection writes. */
async function patiently<T>(work: () => T, tries = 200): Promise<T> {
  try {
    return work()
  } catch (error) {
    const isBusy = error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY')
    if (!isBusy || tries === 0) throw error
    await sleep(25)
    return patiently(work, tries - 1)
  }
}
