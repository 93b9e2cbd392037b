// Suppressions in memory: one row for each organization and address hash.
import type { AddressHashes, Suppressions } from '../../../src/core.ts'
import { keyOf, rows, type Tables, type Write } from './tables.ts'

export const createSuppressions = (tables: Tables, write: Write): Suppressions => ({
  add: (those, at) => write(() => addSuppressions(tables, those, at)),
  remove: ({ organizationId, addressHashes }) =>
    write(() => {
      const keys = addressHashes
        .map(addressHash => keyOf(organizationId, addressHash))
        .filter(key => tables.suppressions.get(key) !== undefined)
      for (const key of keys) tables.suppressions.delete(key)
      return keys.length > 0
    }),
  find: async addresses =>
    addresses.map(({ organizationId, addressHashes }) =>
      addressHashes.filter(addressHash => tables.suppressions.get(keyOf(organizationId, addressHash)) !== undefined),
    ),
})

/** A row that exists keeps its time. */
export function addSuppressions(tables: Tables, { organizationId, addressHashes }: AddressHashes, at: Date): void {
  for (const addressHash of addressHashes) {
    const key = keyOf(organizationId, addressHash)
    if (tables.suppressions.get(key) === undefined)
      tables.suppressions.set(key, { organizationId, addressHash, at: new Date(at) })
  }
}

export const isSuppressing = (tables: Tables, organizationId: string): boolean =>
  [...rows(tables.suppressions)].some(row => row.organizationId === organizationId)
