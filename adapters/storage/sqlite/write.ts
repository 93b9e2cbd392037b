// Single rows on their way into tables, encoded when the caller handed them over: what it changes later is not stored.
import type { Database } from 'better-sqlite3'
import { encode } from '../sql/codec.ts'
import { type Names, primaryKeys, type Row, type TableName, writtenColumns } from '../sql/tables.ts'
import { sqlite } from './dialect.ts'
import { run, tuples } from './statements.ts'

export interface Write {
  readonly text: string
  readonly values: readonly unknown[]
  /** Puts in what is only known at the moment of writing. */
  readonly atLast?: (values: readonly unknown[]) => readonly unknown[]
}

/** Every row is written or the unit fails. */
export function execute(db: Database, { text, values, atLast }: Write): void {
  if (run(db, text, atLast ? atLast(values) : values) === 1) return
  throw new Error(missing(text))
}

/** Texts and their places, once for each set of tables. */
interface Statement {
  readonly text: string
  readonly columns: readonly string[]
}

const statements = new WeakMap<Names, Map<string, Statement>>()

function statementOf(names: Names, key: string, write: () => Statement): Statement {
  const known = statements.get(names) ?? new Map<string, Statement>()
  statements.set(names, known)
  const statement = known.get(key) ?? write()
  known.set(key, statement)
  return statement
}

function writing<T extends TableName>(table: T, { text, columns }: Statement, row: Partial<Row<T>>): Write {
  const values = encode(sqlite, table, row)
  return { text, values: columns.map(column => values[column] ?? null) }
}

export const insert = <T extends TableName>(names: Names, table: T, row: Partial<Row<T>>): Write =>
  writing(
    table,
    statementOf(names, `insert ${table}`, () => inserting(names, table)),
    row,
  )

export const upsert = <T extends 'members' | 'kept'>(names: Names, table: T, row: Row<T>): Write =>
  writing(
    table,
    statementOf(names, `upsert ${table}`, () => upserting(names, table)),
    row,
  )

function inserting(names: Names, table: TableName): Statement {
  const columns = writtenColumns(table)
  const places = columns.map(() => '?').join(', ')
  return { text: `insert into ${names[table]} (${columns.join(', ')}) values (${places})`, columns }
}

function upserting(names: Names, table: 'members' | 'kept'): Statement {
  const { text, columns } = inserting(names, table)
  const key = primaryKeys[table]
  const set = columns.flatMap(column => (key.includes(column) ? [] : [`${column} = excluded.${column}`]))
  return { text: `${text} on conflict (${key.join(', ')}) do update set ${set.join(', ')}`, columns }
}

/** Writes what has changed of an invite: SQLite keeps up every index of a column that is set, whether it has changed or not. */
export function saving(names: Names, row: Row<'invites'>): (db: Database) => void {
  const { values } = insert(names, 'invites', row)
  const before = `select ${inviteColumns.join(', ')} from ${names.invites} where id = ?`
  return db => {
    const [old] = tuples(db, before, [row.id])
    if (old?.[organization] !== row.organization_id) throw new Error(missing(before))
    const changed = [...inviteColumns.keys()].filter(place => values[place] !== old[place])
    if (changed.length === 0) return
    const set = changed.map(place => `${inviteColumns[place]} = ?`).join(', ')
    execute(db, {
      text: `update ${names.invites} set ${set} where id = ?`,
      values: [...changed.map(place => values[place]), row.id],
    })
  }
}

const inviteColumns = writtenColumns('invites')
const organization = inviteColumns.indexOf('organization_id')

const missing = (text: string) => `a row is missing or another organization's, and nothing was written: ${text.slice(0, 40)}…`
