import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite, { type Database } from 'better-sqlite3'
import { sqliteStorage } from '../../adapters/storage/sqlite/index.ts'
import { storageContract } from '../contract/storage/contract.ts'
import type { Subject } from '../contract/storage/subject.ts'

async function make(): Promise<Subject<Database>> {
  const dir = mkdtempSync(join(tmpdir(), 'invitekit-sqlite-'))
  const file = join(dir, 'db')
  const storage = sqliteStorage({ database: file })
  await storage.migrate()
  return {
    storage,
    async transaction(work) {
      const db = new Sqlite(file)
      db.exec('begin immediate')
      try {
        const result = await work(db)
        db.exec('commit')
        return result
      } catch (error) {
        db.exec('rollback')
        throw error
      } finally {
        db.close()
      }
    },
    async close() {
      await storage.close()
      rmSync(dir, { recursive: true })
    },
  }
}

storageContract('sqlite', make, { joins: true, awaits: false, locks: false })
