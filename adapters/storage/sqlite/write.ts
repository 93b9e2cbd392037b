// Single rows on their way into tables, encoded when the caller handed them over: what it changes later is not stored.
import type { Database } from 'better-sqlite3'
import { encode } from '../sql/codec.ts'
import { sqlite } from '../sql/dialect.ts'
import { type Names, primaryKeys, type Row, type TableName, writtenColumns } from '../sql/tables.ts'
import { run } from './statements.ts'

export interface Write {
  readonly text: string
  readonly values: readonly unknown[]
  /** Puts in what is only known at the moment of writing. */
  readonly atLast?: (values: readonly unknown[]) => readonly unknown[]
}

/** Every row is written or the unit fails. */
export function execute(db: Database, { text, values, atLast }: Write): void {
  if (run(db, text, atLast ? atLast(values) : values) === 1) return
  throw new Error(`a row is missing or another organization's, and nothing was written: ${text.slice(0, 40)}…`)
}

export function insert<T extends TableName>(names: Names, table: T, row: Partial<Row<T>>): Write {
  const columns = writtenColumns(table)
  const text = `insert into ${names[table]} (${columns.join(', ')}) values (${places(columns)})`
  return { text, values: valuesOf(table, columns, row) }
}

export function upsert<T extends 'invites' | 'members' | 'kept'>(names: Names, table: T, row: Row<T>): Write {
  const { text, values } = insert(names, table, row)
  const key = primaryKeys[table]
  const set = writtenColumns(table).flatMap(column => (key.includes(column) ? [] : [`${column} = excluded.${column}`]))
  const where = 'where organization_id = excluded.organization_id'
  return { text: `${text} on conflict (${key.join(', ')}) do update set ${set.join(', ')} ${where}`, values }
}

export function update(names: Names, row: Row<'invites'>): Write {
  const columns = writtenColumns('invites').filter(column => column !== 'id' && column !== 'organization_id')
  const set = columns.map(column => `${column} = ?`).join(', ')
  const text = `update ${names.invites} set ${set} where id = ? and organization_id = ?`
  return { text, values: valuesOf('invites', [...columns, 'id', 'organization_id'], row) }
}

const places = (columns: readonly string[]) => columns.map(() => '?').join(', ')

function valuesOf<T extends TableName>(table: T, columns: readonly string[], row: Partial<Row<T>>): unknown[] {
  const values = encode(sqlite, table, row)
  return columns.map(column => values[column] ?? null)
}
