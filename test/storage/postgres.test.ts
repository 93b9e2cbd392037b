// The storage contract on Postgres: a database of its own for each store, the host's transactions by pg.
import type { PoolClient } from 'pg'
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import { storageContract } from '../contract/storage/contract.ts'
import type { Subject } from '../contract/storage/subject.ts'
import { freshDatabase } from '../support/postgres.ts'

async function make(): Promise<Subject<PoolClient>> {
  const { pool, drop } = await freshDatabase()
  const storage = postgresStorage({ pool })
  await storage.migrate()
  return {
    storage,
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
    async close() {
      await storage.close()
      await drop()
    },
  }
}

storageContract('postgres', make, { joins: true, awaits: true, locks: true })
