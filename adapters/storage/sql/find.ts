// Finds the organization of an invite, by id or by code hash.
import { type Dialect, selected } from './dialect.ts'
import type { Names } from './tables.ts'

const found = { id: 'id', organization_id: 'organization_id' }

/** Selects invites by the ids or code hashes in a list of the JSON parameter `$1`. */
export function findText(dialect: Dialect, { invites }: Names, list: 'ids' | 'codeHashes'): string {
  const { among, each } = dialect
  const where = list === 'ids' ? among('id', each('$1', 'ids', 'id')) : among('code_hash', each('$1', 'codeHashes'))
  return dialect.tuples(`select ${selected(dialect.tuple(found))} from ${invites} where ${where}`)
}
