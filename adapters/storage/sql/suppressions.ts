// Suppressions in both dialects: one row for each organization and address hash. Lists are one JSON parameter.
import type { AddressHashes, Suppressions } from '../../../src/core.ts'
import type { Dialect, Parameter, Run } from './dialect.ts'
import type { Names } from './tables.ts'

/** `run` runs reads, `write` runs writes. */
export function createSuppressions(
  dialect: Dialect,
  names: Names,
  { run, write }: { readonly run: Run<never>; readonly write: Run<never> },
): Suppressions {
  const { suppressions } = names
  const marks = `(${dialect.each('$1', 'marks')})`
  const texts = {
    // `where true`: SQLite would read `on conflict` as a join.
    add: `insert into ${suppressions} (organization_id, mark, at) select $2, m.value, ${dialect.cast('$3', 'time')} from ${marks} m where true on conflict do nothing returning mark`,
    remove: `delete from ${suppressions} where organization_id = $2 and ${dialect.among('mark', dialect.each('$1', 'marks'))} returning mark`,
    find: dialect.whole(
      `select organization_id, mark from ${suppressions} where ${dialect.among('organization_id', dialect.each('$1', 'organizations'))} and ${dialect.among('mark', dialect.each('$1', 'marks'))}`,
    ),
  }
  return {
    async add(addressed, at) {
      if (addressed.addressHashes.length > 0) await write(texts.add, [...list(addressed), dialect.time(at)])
    },
    async remove(addressed) {
      return (await write(texts.remove, list(addressed))).length > 0
    },
    async find(addresses) {
      const addressed = {
        organizations: addresses.map(each => each.organizationId),
        marks: addresses.flatMap(each => each.addressHashes),
      }
      const rows = dialect.rowsOf(await run(texts.find, [JSON.stringify(addressed)]))
      const found = new Set(rows.map(row => JSON.stringify([row['organization_id'], row['mark']])))
      return addresses.map(({ organizationId, addressHashes }) =>
        addressHashes.filter(each => found.has(JSON.stringify([organizationId, each]))),
      )
    },
  }
}

const list = ({ organizationId, addressHashes }: AddressHashes): readonly Parameter[] => [
  JSON.stringify({ marks: addressHashes }),
  organizationId,
]
