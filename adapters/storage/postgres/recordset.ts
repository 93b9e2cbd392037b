// Rows as one JSON parameter: what `jsonb_to_recordset` needs to read them, and inserts that select from it.

import { postgres } from '../sql/dialect.ts'
import { encode } from '../sql/rows.ts'
import { columnsOf, type Names, primaryKeys, type Row, type TableName, writtenColumns } from '../sql/tables.ts'

/** The rows of a list in the CTE `input`, in order, as `x`. `extra` are columns beside the table's own. */
export function recordset(table: TableName, list: string, extra: Readonly<Record<string, string>> = {}): string {
  const typed = new Map(columnsOf(table).map(([column, type]) => [column, postgres.types[type.replace('?', '') as 'text']]))
  const columns = [
    ...writtenColumns(table).map(column => [column, typed.get(column) ?? 'text'] as const),
    ...Object.entries(extra),
  ]
  const shape = columns.map(([column, type]) => `${column} ${type}`).join(', ')
  const names = columns.map(([column]) => column).join(', ')
  return `rows from (jsonb_to_recordset((select j -> '${list}' from input)) as (${shape})) with ordinality as x(${names}, n)`
}

/** A row for such a list. */
export const toJsonRow = <T extends TableName>(table: T, row: Partial<Row<T>>): Record<string, unknown> =>
  encode(postgres, table, row)

/** Every column but the key takes the new value, as long as the row is the same organization's. */
export function upsert(names: Names, table: 'invites' | 'members' | 'kept'): string {
  const columns = writtenColumns(table).filter(column => !primaryKeys[table].includes(column))
  const set = columns.map(column => `${column} = excluded.${column}`).join(', ')
  return `on conflict (${primaryKeys[table].join(', ')}) do update set ${set} where ${names[table]}.organization_id = excluded.organization_id`
}

export interface Insert {
  readonly table: TableName
  readonly list: string
  /** The CTEs that must be there before: at least the claim. */
  readonly after: string
  readonly conflict?: string
}

/** An insert of a list's rows in their order, so that `seq` follows it. Returns one row for each. */
export function insertText(names: Names, { table, list, after, conflict = '' }: Insert): string {
  const columns = writtenColumns(table)
  const isOutbox = table === 'outbox'
  const values = columns.map(column => (isOutbox && column === 'leased_until' ? leasedUntil : `x.${column}`))
  const source = recordset(table, list, isOutbox ? { lease_ms: 'bigint', by: 'text' } : { by: 'text' })
  return `insert into ${names[table]} (${columns.join(', ')}) select ${values.join(', ')} from ${source}, ${after} order by x.n ${conflict} returning 1`
}

/** By the database's clock, at the moment of writing. */
const leasedUntil = `clock_timestamp() + x.lease_ms * interval '1 millisecond'`
