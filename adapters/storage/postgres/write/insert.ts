// Texts of inserts and upserts that select their rows, in order, from a source.
import { type Names, primaryKeys, type TableName, writtenColumns } from '../../sql/tables.ts'

/** What a statement selects from: a relation (empty when every value is a parameter) and the expression of each column. */
export interface Source {
  readonly relation: string
  readonly value: (column: string) => string
}

/** Replaces every column except the key, if the row belongs to the same organization. */
export function upsert(names: Names, table: 'invites' | 'members' | 'kept'): string {
  const columns = writtenColumns(table).filter(column => !primaryKeys[table].includes(column))
  const set = columns.map(column => `${column} = excluded.${column}`).join(', ')
  return `on conflict (${primaryKeys[table].join(', ')}) do update set ${set} where ${names[table]}.organization_id = excluded.organization_id`
}

interface Insert {
  readonly table: TableName
  readonly source: Source
  /** The CTEs that must run before: at least the claim. */
  readonly after: string
  readonly conflict?: string
}

/** An insert of rows in their order, so that `seq` follows it. Returns one row for each. */
export function insertText(names: Names, { table, source: { relation, value }, after, conflict = '' }: Insert): string {
  const columns = writtenColumns(table)
  const values = columns.map(column => (column === 'leased_until' ? leasedUntil(value) : value(column)))
  const from = relation === '' ? after : `${relation}, ${after} order by x.n`
  return `insert into ${names[table]} (${columns.join(', ')}) select ${values.join(', ')} from ${from} ${conflict} returning 1`
}

/** By the database's clock, at the moment of writing. */
const leasedUntil = (value: Source['value']) => `clock_timestamp() + ${value('lease_ms')} * interval '1 millisecond'`
