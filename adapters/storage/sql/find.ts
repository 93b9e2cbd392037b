// Which organization an invite or a code belongs to: what a token or code seen for the first time asks.
import type { InviteId } from '../../../src/index.ts'
import type { Dialect, Parameter } from './dialect.ts'
import type { Names } from './tables.ts'

type By = { readonly id: InviteId } | { readonly codeHashes: readonly string[] }

export const findText = (dialect: Dialect, { invites }: Names, by: By): string => {
  const where = 'id' in by ? `id = ${dialect.cast('$1', 'id')}` : dialect.among('code_hash', dialect.each('$1', 'hashes'))
  return dialect.whole(`select id, organization_id from ${invites} where ${where} limit 1`)
}

export const findParameters = (by: By): readonly Parameter[] => ['id' in by ? by.id : JSON.stringify({ hashes: by.codeHashes })]
