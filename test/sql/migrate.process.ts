// One process that starts and migrates, for tests in which several do at once.
import { postgresStorage } from '../../adapters/storage/postgres/index.ts'
import { sqliteStorage } from '../../adapters/storage/sqlite/index.ts'
import { asProcess } from '../support/processes.ts'

await asProcess<{ url?: string; file?: string }>(async ({ url, file = '' }, ready) => {
  const storage = url === undefined ? sqliteStorage({ database: file }) : postgresStorage(url, { schema: 'invites' })
  await ready()
  await storage.migrate()
  await storage.close()
  return 'migrated'
})
