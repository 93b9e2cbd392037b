// Writes of single rows. Values are encoded at once, so what the caller changes later is not stored.
import type { Database } from 'better-sqlite3'
import type { InviteRecord } from '../../../src/core.ts'
import { encode } from '../sql/codec.ts'
import { type NewRow, written } from '../sql/rows.ts'
import { type Names, primaryKeys, type TableName, writtenColumns } from '../sql/tables.ts'
import { sqlite } from './dialect.ts'
import { run, tuples } from './statements.ts'

export interface Write {
  readonly text: string
  readonly values: readonly unknown[]
  /** Fills in values that are known only when the row is written. */
  readonly beforeWrite?: (values: readonly unknown[]) => readonly unknown[]
}

/** Throws unless exactly one row was written. */
export function execute(db: Database, { text, values, beforeWrite }: Write): void {
  if (run(db, text, beforeWrite ? beforeWrite(values) : values) === 1) return
  throw new Error(missing(text))
}

/** Each text is composed once for each set of table names. */
const texts = new WeakMap<Names, Map<string, string>>()

function textOf(names: Names, key: string, compose: () => string): string {
  const composed = texts.get(names) ?? new Map<string, string>()
  texts.set(names, composed)
  const text = composed.get(key) ?? compose()
  composed.set(key, text)
  return text
}

export const insert = <T extends TableName>(names: Names, table: T, row: NewRow<T>): Write => ({
  text: textOf(names, `insert ${table}`, () => insertText(names, table)),
  values: encode(sqlite, written[table], row),
})

export const upsert = <T extends 'members' | 'kept'>(names: Names, table: T, row: NewRow<T>): Write => ({
  text: textOf(names, `upsert ${table}`, () => upsertText(names, table)),
  values: encode(sqlite, written[table], row),
})

function insertText(names: Names, table: TableName): string {
  const columns = writtenColumns(table)
  return `insert into ${names[table]} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`
}

function upsertText(names: Names, table: 'members' | 'kept'): string {
  const key = primaryKeys[table]
  const set = writtenColumns(table).flatMap(column => (key.includes(column) ? [] : [`${column} = excluded.${column}`]))
  return `${insertText(names, table)} on conflict (${key.join(', ')}) do update set ${set.join(', ')}`
}

/** Updates only the columns of an invite that have changed: SQLite updates the indexes of every column that is set. */
export function update(names: Names, invite: InviteRecord): (db: Database) => void {
  const { values } = insert(names, 'invites', invite)
  const before = `select ${inviteColumns.join(', ')} from ${names.invites} where id = ?`
  return db => {
    const [old] = tuples(db, before, [invite.id])
    if (old?.[organization] !== invite.organizationId) throw new Error(missing(before))
    const changed = [...inviteColumns.keys()].filter(index => values[index] !== old[index])
    if (changed.length === 0) return
    const set = changed.map(index => `${inviteColumns[index]} = ?`).join(', ')
    execute(db, {
      text: `update ${names.invites} set ${set} where id = ?`,
      values: [...changed.map(index => values[index]), invite.id],
    })
  }
}

const inviteColumns = writtenColumns('invites')
const organization = inviteColumns.indexOf('organization_id')

const missing = (text: string) => `a row is missing or another organization's, and nothing was written: ${text.slice(0, 40)}…`
