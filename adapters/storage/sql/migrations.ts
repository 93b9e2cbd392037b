// Migrations: the statements that bring the tables from any version to the newest.
import { baseOf, type Dialect } from './dialect.ts'
import { migrateFirst, storageError } from './errors.ts'
import { type ColumnType, columnsOf, type Names, primaryKeys, type TableName, tableNames } from './tables.ts'

/** The version that this code writes and reads. */
export const latest = 3

interface Migration {
  readonly version: number
  /** Code older than this must not touch the tables any more. Additive changes keep the number. */
  readonly minimumReader: number
  statements(dialect: Dialect, names: Names): readonly string[]
}

/** Tables, and columns as `table.column`, that were added after version 1. */
const since: Readonly<Record<string, number>> = {
  templates: 2,
  suppressions: 2,
  endpoints: 2,
  'invites.remind_at': 2,
  'outbox.lapses': 3,
}

const versionOf = (name: string): number => since[name] ?? 1

/** Each version adds the tables, columns and indexes that `since` names for it. */
const migrations: readonly Migration[] = [1, 2, 3].map(version => ({
  version,
  minimumReader: 1,
  statements: (dialect, names) => [
    ...tableNames
      .filter(table => table !== 'schema' && versionOf(table) === version)
      .map(table => createTable(dialect, names, table)),
    ...tableNames.filter(table => versionOf(table) < version).flatMap(table => addColumns(dialect, names, table, version)),
    ...indexes.filter(index => (index.since ?? 1) === version).map(index => createIndex(dialect, names, index)),
  ],
}))

/** The first statement of every run: the version is read from this table. */
export const createSchemaTable = (dialect: Dialect, names: Names): string => createTable(dialect, names, 'schema')

export const versionText = (names: Names): string => `select coalesce(max(version), 0) as version from ${names.schema}`

/** The statements still to run, with the row that records each version. */
export const pendingStatements = (dialect: Dialect, names: Names, version: number): readonly string[] =>
  migrations
    .filter(migration => migration.version > version)
    .flatMap(migration => [
      ...migration.statements(dialect, names),
      `insert into ${names.schema} (version, minimum_reader) values (${migration.version}, ${migration.minimumReader})`,
    ])

function createTable(dialect: Dialect, names: Names, table: TableName): string {
  const columns = columnsOf(table).flatMap(([column, type]) =>
    versionOf(`${table}.${column}`) > versionOf(table) ? [] : `${column} ${sqlType(dialect, type)}`,
  )
  const isNumbered = columnsOf(table).some(([, type]) => type === 'number')
  const key = `primary key (${primaryKeys[table].join(', ')})`
  // SQLite numbers rows only when the column itself is declared `integer primary key autoincrement`.
  const lines = isNumbered && dialect.numberIsKey ? columns : [...columns, key]
  return `create table if not exists ${names[table]} (\n  ${lines.join(',\n  ')}\n)`
}

const addColumns = (dialect: Dialect, names: Names, table: TableName, version: number): readonly string[] =>
  columnsOf(table).flatMap(([column, type]) =>
    since[`${table}.${column}`] === version ? `alter table ${names[table]} add column ${column} ${sqlType(dialect, type)}` : [],
  )

function sqlType(dialect: Dialect, type: ColumnType): string {
  const base = baseOf(type)
  return base === 'number' || type.endsWith('?') ? dialect.types[base] : `${dialect.types[base]} not null`
}

interface Index {
  readonly table: TableName
  /** Part of the index's name. */
  readonly name: string
  readonly columns: readonly string[]
  readonly unique?: boolean
  readonly where?: string
  /** The version that added it. Default 1. */
  readonly since?: number
}

const indexes: readonly Index[] = [
  // Enforces "one pending invite per address" in case a decision was wrong.
  {
    table: 'invites',
    name: 'pending_email',
    columns: ['organization_id', 'email_key'],
    unique: true,
    where: "status = 'pending'",
  },
  {
    table: 'invites',
    name: 'pending_phone',
    columns: ['organization_id', 'phone_key'],
    unique: true,
    where: "status = 'pending'",
  },
  // The bounded count of live pending invites.
  { table: 'invites', name: 'live', columns: ['organization_id', 'status', 'expires_at'] },
  { table: 'invites', name: 'created', columns: ['organization_id', 'created_at', 'id'] },
  { table: 'invites', name: 'status', columns: ['organization_id', 'status', 'created_at', 'id'] },
  { table: 'invites', name: 'expires', columns: ['organization_id', 'expires_at', 'id'] },
  { table: 'invites', name: 'updated', columns: ['organization_id', 'updated_at', 'id'] },
  { table: 'invites', name: 'external', columns: ['organization_id', 'external_id'], where: 'external_id is not null' },
  // Across organizations: invites to an address, codes, and expired invites.
  { table: 'invites', name: 'email', columns: ['email_key'], where: 'email_key is not null' },
  { table: 'invites', name: 'phone', columns: ['phone_key'], where: 'phone_key is not null' },
  { table: 'invites', name: 'code', columns: ['code_hash'], where: 'code_hash is not null' },
  { table: 'invites', name: 'due', columns: ['expires_at'], where: "status = 'pending'" },
  {
    table: 'invites',
    name: 'remind',
    columns: ['remind_at', 'id'],
    where: "status = 'pending' and remind_at is not null",
    since: 2,
  },
  { table: 'members', name: 'email', columns: ['organization_id', 'email_key'], where: 'email_key is not null' },
  { table: 'members', name: 'phone', columns: ['organization_id', 'phone_key'], where: 'phone_key is not null' },
  { table: 'members', name: 'listed', columns: ['organization_id', 'bytewise(user_id)'] },
  { table: 'events', name: 'id', columns: ['id'], unique: true },
  { table: 'events', name: 'invite', columns: ['invite_id', 'seq'] },
  { table: 'events', name: 'day', columns: ['organization_id', 'at'] },
  // "Per inviter and day".
  {
    table: 'events',
    name: 'made',
    columns: ['organization_id', 'actor_id', 'at'],
    where: "type in ('invite.created', 'invite.resent')",
  },
  { table: 'outbox', name: 'id', columns: ['id'], unique: true },
  { table: 'outbox', name: 'due', columns: ['seq', 'due_at'], where: 'due_at is not null' },
  { table: 'outbox', name: 'invite', columns: ['invite_id', 'seq'] },
  // "Per recipient and day".
  { table: 'outbox', name: 'mark', columns: ['mark', 'created_at'], where: 'mark is not null' },
  {
    table: 'outbox',
    name: 'problem',
    columns: ['organization_id'],
    where: "status in ('failed', 'bounced', 'complained')",
  },
  { table: 'counters', name: 'over', columns: ['resets_at'] },
  {
    table: 'invites',
    name: 'template',
    columns: ['template_id'],
    where: "status = 'pending' and template_id is not null",
    since: 2,
  },
  { table: 'templates', name: 'listed', columns: ['organization_id', 'id'], since: 2 },
  { table: 'templates', name: 'default', columns: ['organization_id'], unique: true, where: 'is_default', since: 2 },
]

function createIndex(dialect: Dialect, names: Names, { table, name, columns, unique, where }: Index): string {
  const bare = names[table].replace(/^"[^"]*"\./, '').replaceAll('"', '')
  const keys = columns.map(column => column.replace(/^bytewise\((\w+)\)$/, (_, inner: string) => dialect.bytewise(inner)))
  return [
    `create ${unique ? 'unique ' : ''}index if not exists "${bare}_${name}_idx"`,
    `on ${names[table]} (${keys.join(', ')})`,
    ...(where === undefined ? [] : [`where ${where}`]),
  ].join(' ')
}

export interface Version {
  readonly version: number | null
  readonly reader: number | null
}

/** Throws `not_migrated` when the tables are older than this code, or too new for it. */
export function assertVersion({ version, reader }: Version): void {
  if (version === null || version < latest) {
    throw storageError('not_migrated', `the tables are at version ${version ?? 0} of ${latest}: ${migrateFirst}`)
  }
  if (reader !== null && reader > latest) {
    throw storageError('not_migrated', `the tables need version ${reader} of the code and this is ${latest}: update invitekit`)
  }
}
