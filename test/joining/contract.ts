// A store for the storage contract over each library.
import type { Make, Traits } from '../contract/storage/subject.ts'
import { freshDatabase } from '../support/postgres.ts'
import { forEachLibrary } from './libraries/all.ts'

export function forEachConnector(hold: <Tx>(name: string, make: Make<Tx>, traits: Traits) => void): void {
  forEachLibrary(library => {
    // `pg` is held to the whole contract by test/storage/postgres.test.ts.
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
    hold(library.name, make, { joins: true, awaits: true, locks: true })
  })
}
