// The three storages that the library's tests run on, each empty and migrated, with a way to see every row.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { ListQuery, Storage } from 'invitekit'
import { memoryStorage } from 'invitekit/memory'
import { postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import { freshDatabase } from '../support/postgres.ts'
import { type HostTable, memoryTable, postgresTable, sqliteTable } from './hosttable.ts'

export type StoreName = 'memory' | 'sqlite' | 'postgres'

export interface Store {
  readonly name: StoreName
  readonly storage: Storage<unknown>
  /** All that was ever handed over to be written, as text. */
  readonly handed: () => string
  /** Every row of every table as it is now, as text. In memory: everything that can be read back. */
  readonly dump: () => Promise<string>
  /** A transaction of the host's: committed when `work` returns, rolled back when it throws. Memory has none. */
  readonly transaction: (<T>(work: (tx: unknown) => Promise<T>) => Promise<T>) | null
  /** A member table of the host's own, beside ours in the same database. */
  readonly hostTable: () => Promise<HostTable>
  readonly drop: () => Promise<void>
}

/** The same storage, noting what it is told to write. */
function noting<Tx>(inner: Storage<Tx>) {
  const notes: string[] = []
  const organizations = new Set<string>()
  const storage: Storage<Tx> = {
    ...inner,
    commit(changes, options) {
      notes.push(JSON.stringify(changes))
      organizations.add(changes.organizationId)
      return inner.commit(changes, options)
    },
    outbox: {
      ...inner.outbox,
      settle(settlements, owner) {
        notes.push(JSON.stringify(settlements))
        return inner.outbox.settle(settlements, owner)
      },
      report(change, lease) {
        notes.push(JSON.stringify(change))
        return inner.outbox.report(change, lease)
      },
    },
  }
  return { storage: storage as unknown as Storage<unknown>, handed: () => notes.join('\n'), organizations }
}

async function memory(): Promise<Store> {
  const { storage, handed, organizations } = noting(memoryStorage())
  const { lists } = storage
  const any = { from: null, to: null }
  const everything: Omit<ListQuery, 'organizationId'> = {
    ...{ now: new Date(0), status: null, role: null, email: null, phone: null, q: null, inviterId: null, externalId: null },
    ...{ created: any, expires: any, sort: 'createdAt', descending: false, limit: 10_000, after: null },
  }
  const rowsOf = async (organizationId: string) => {
    const invites = await lists.invites({ ...everything, organizationId })
    const ids = invites.map(({ id }) => id)
    const histories = ids.map(id => lists.history({ organizationId, id, after: null, limit: 1000 }))
    const members = lists.members({ organizationId, limit: 10_000, after: null })
    return [invites, await Promise.all(histories), await lists.deliveries(ids), await members]
  }
  const dump = async () => JSON.stringify(await Promise.all([...organizations].map(rowsOf)))
  return {
    name: 'memory',
    storage,
    handed,
    dump,
    transaction: null,
    hostTable: async () => memoryTable(),
    drop: async () => {},
  }
}

async function sqlite(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'invitekit-library-'))
  const file = join(folder, 'app.db')
  const { storage, handed } = noting(sqliteStorage({ database: file }))
  const connection = new Database(file, { timeout: 5000 })
  const dump = async () => {
    const tables = connection.prepare<[], { name: string }>("select name from sqlite_master where type = 'table'").all()
    return JSON.stringify(tables.map(({ name }) => connection.prepare(`select * from "${name}"`).all()))
  }
  return {
    name: 'sqlite',
    storage,
    handed,
    dump,
    async transaction(work) {
      connection.exec('begin immediate')
      try {
        const result = await work(connection)
        connection.exec('commit')
        return result
      } finally {
        if (connection.inTransaction) connection.exec('rollback')
      }
    },
    hostTable: async () => sqliteTable(connection),
    async drop() {
      await storage.close()
      connection.close()
      rmSync(folder, { recursive: true })
    },
  }
}

async function postgres(): Promise<Store> {
  const { pool, drop } = await freshDatabase()
  const { storage, handed } = noting(postgresStorage({ pool }))
  const dump = async () => {
    const { rows } = await pool.query('select tablename from pg_tables where schemaname = current_schema()')
    const select = ({ tablename }: { tablename: string }) => pool.query(`select to_jsonb(t) as row from "${tablename}" t`)
    return JSON.stringify((await Promise.all(rows.map(select))).map(answer => answer.rows))
  }
  return {
    name: 'postgres',
    storage,
    handed,
    dump,
    async transaction(work) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        const result = await work(client)
        await client.query('commit')
        return result
      } catch (error) {
        await client.query('rollback')
        throw error
      } finally {
        client.release()
      }
    },
    hostTable: () => postgresTable(pool),
    async drop() {
      await storage.close()
      await drop()
    },
  }
}

export const stores: Readonly<Record<StoreName, () => Promise<Store>>> = { memory, sqlite, postgres }
