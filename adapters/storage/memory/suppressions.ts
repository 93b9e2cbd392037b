// Suppressions in memory: one row for each organization and mark.
import type { AddressHashes, Suppressions } from '../../../src/core.ts'
import { keyOf, rows, type Tables, type Write } from './tables.ts'

export const createSuppressions = (tables: Tables, write: Write): Suppressions => ({
  add: (those, at) => write(() => addMarks(tables, those, at)),
  remove: ({ organizationId, addressHashes }) =>
    write(() => {
      const keys = addressHashes
        .map(mark => keyOf(organizationId, mark))
        .filter(key => tables.suppressions.get(key) !== undefined)
      for (const key of keys) tables.suppressions.delete(key)
      return keys.length > 0
    }),
  find: async asked =>
    asked.map(({ organizationId, addressHashes }) =>
      addressHashes.filter(mark => tables.suppressions.get(keyOf(organizationId, mark)) !== undefined),
    ),
})

/** One that is there keeps its time. */
export function addMarks(tables: Tables, { organizationId, addressHashes }: AddressHashes, at: Date): void {
  for (const mark of addressHashes) {
    const key = keyOf(organizationId, mark)
    if (tables.suppressions.get(key) === undefined) tables.suppressions.set(key, { organizationId, mark, at: new Date(at) })
  }
}

export const isSuppressing = (tables: Tables, organizationId: string): boolean =>
  [...rows(tables.suppressions)].some(row => row.organizationId === organizationId)
