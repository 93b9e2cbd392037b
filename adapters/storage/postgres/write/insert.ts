// Inserts that select their rows, in order, once others have been written.
import { type Names, primaryKeys, type TableName, writtenColumns } from '../../sql/tables.ts'

/** What a statement selects from: a relation, empty for a row that is nothing but parameters, and the values in it by column. */
export interface Source {
  readonly relation: string
  readonly value: (column: string) => string
}

/** Every column but the key takes the new value, as long as the row is the same organization's. */
export function upsert(names: Names, table: 'invites' | 'members' | 'kept'): string {
  const columns = writtenColumns(table).filter(column => !primaryKeys[table].includes(column))
  const set = columns.map(column => `${column} = excluded.${column}`).join(', ')
  return `on conflict (${primaryKeys[table].join(', ')}) do update set ${set} where ${names[table]}.organization_id = excluded.organization_id`
}

interface Insert {
  readonly table: TableName
  readonly source: Source
  /** The CTEs that must be there before: at least the claim. */
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
