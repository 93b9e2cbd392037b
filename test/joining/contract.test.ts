// The storage contract over every connector: the same promises, whatever library runs the statements.
import { storageContract } from '../contract/storage/contract.ts'
import { freshDatabase } from '../support/postgres.ts'
import { forEachLibrary } from './libraries/all.ts'

forEachLibrary(library => {
  // `pg` is held to it by test/storage/postgres.test.ts.
  if (library.name === 'pg') return
  const make = async () => {
    const { url, drop } = await freshDatabase()
    const { storage: open, transaction, close } = library.open(url, 10)
    const storage = open()
    await storage.migrate()
    return {
      storage,
      transaction,
      async close() {
        await close()
        await drop()
      },
    }
  }
  storageContract(library.name, make, { joins: true, awaits: true, locks: true })
})
