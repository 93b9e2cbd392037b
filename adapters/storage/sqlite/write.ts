// Single rows into tables: inserts and upserts from the description of the tables, by prepared statements.
import type { Database } from 'better-sqlite3'
import { sqlite } from '../sql/dialect.ts'
import { encode } from '../sql/rows.ts'
import { type Names, primaryKeys, type Row, type TableName, writtenColumns } from '../sql/tables.ts'
import { run } from './statements.ts'

export type Written<T extends TableName> = Partial<Row<T>>

/** Every row is written or the unit fails. */
function assertOne(changes: number, what: string): void {
  if (changes !== 1) throw new Error(`${what}: the row is missing or another organization's; nothing was written`)
}

export function insert<T extends TableName>(db: Database, names: Names, table: T, row: Written<T>): void {
  const columns = writtenColumns(table)
  const text = `insert into ${names[table]} (${columns.join(', ')}) values (${places(columns)})`
  assertOne(run(db, text, valuesOf(table, columns, row)), table)
}

export function upsert<T extends 'invites' | 'members' | 'kept'>(db: Database, names: Names, table: T, row: Row<T>): void {
  const columns = writtenColumns(table)
  const set = columns.filter(column => !primaryKeys[table].includes(column)).map(column => `${column} = excluded.${column}`)
  const text =
    `insert into ${names[table]} (${columns.join(', ')}) values (${places(columns)}) ` +
    `on conflict (${primaryKeys[table].join(', ')}) do update set ${set.join(', ')} where organization_id = excluded.organization_id`
  assertOne(run(db, text, valuesOf(table, columns, row)), table)
}

export function update(db: Database, names: Names, row: Row<'invites'>): void {
  const columns = writtenColumns('invites').filter(column => column !== 'id' && column !== 'organization_id')
  const text = `update ${names.invites} set ${columns.map(column => `${column} = ?`).join(', ')} where id = ? and organization_id = ?`
  assertOne(run(db, text, valuesOf('invites', [...columns, 'id', 'organization_id'], row)), 'invites')
}

const places = (columns: readonly string[]) => columns.map(() => '?').join(', ')

function valuesOf<T extends TableName>(table: T, columns: readonly string[], row: Written<T>): unknown[] {
  const values = encode(sqlite, table, row)
  return columns.map(column => values[column] ?? null)
}
