// The tables and their columns with types, for both dialects, the row codec and the migrations.
import type { Json } from '../../../src/core.ts'

/** `expiry` is a time or never; `number` is assigned by the database in sequence. A trailing `?` admits null. */
export type BaseType = 'id' | 'text' | 'int' | 'flag' | 'json' | 'time' | 'expiry' | 'number'
export type ColumnType = BaseType | `${BaseType}?`

export const tables = {
  scopes: { organization_id: 'text', revision: 'int' },
  invites: {
    id: 'id',
    organization_id: 'text',
    kind: 'text',
    status: 'text',
    role: 'text',
    inviter_id: 'text?',
    inviter_role: 'text?',
    inviter_name: 'text?',
    invitee_id: 'text',
    external_id: 'text?',
    template_id: 'text?',
    template: 'json?',
    metadata: 'json',
    extra: 'json',
    channels: 'json',
    link_pattern: 'text?',
    key_id: 'text',
    generation: 'int',
    code_hash: 'text?',
    max_uses: 'int?',
    use_count: 'int',
    email: 'text?',
    email_key: 'text?',
    phone: 'text?',
    phone_key: 'text?',
    full_name: 'text?',
    first_name: 'text?',
    last_name: 'text?',
    locale: 'text?',
    /** Addresses and names in lower case, for `q`: databases disagree about the case of letters beyond ASCII. */
    search: 'text',
    created_at: 'time',
    updated_at: 'time',
    expires_at: 'expiry',
    lifetime: 'int?',
    sent_at: 'time?',
    send_count: 'int',
    opened_at: 'time?',
    remind_at: 'time?',
    erased_at: 'time?',
    accepted_at: 'time?',
    accepted_by: 'text?',
    declined_at: 'time?',
    decline_reason: 'text?',
    revoked_at: 'time?',
    revoked_by: 'text?',
    revoke_reason: 'text?',
  },
  uses: { invite_id: 'id', user_id: 'text', at: 'time' },
  members: {
    organization_id: 'text',
    user_id: 'text',
    role: 'text',
    email_key: 'text?',
    phone_key: 'text?',
    removed: 'flag',
    at: 'time',
  },
  /** The history. Ordered by `seq`, since ids and times of several processes may be out of order. */
  events: {
    seq: 'number',
    id: 'text',
    organization_id: 'text',
    invite_id: 'id',
    type: 'text',
    at: 'time',
    actor_id: 'text?',
    previous_status: 'text?',
    data: 'json',
  },
  /** Messages to send (`due_at` is set), and deliveries that are done (`due_at` is null). */
  outbox: {
    seq: 'number',
    id: 'text',
    kind: 'text',
    target: 'text',
    organization_id: 'text',
    invite_id: 'id',
    generation: 'int',
    reason: 'text?',
    event_id: 'text?',
    mark: 'text?',
    status: 'text',
    attempts: 'int',
    lapses: 'int?',
    provider_id: 'text?',
    failure: 'text?',
    created_at: 'time',
    updated_at: 'time',
    sent_at: 'time?',
    due_at: 'time?',
    lease_owner: 'text?',
    leased_until: 'time?',
  },
  kept: { organization_id: 'text', key: 'text', input: 'text', answer: 'json?', at: 'time' },
  counters: { counter: 'text', count: 'int', resets_at: 'time' },
  /** `organization_id` is empty for everybody's. */
  templates: {
    id: 'id',
    organization_id: 'text',
    name: 'text',
    is_default: 'flag',
    content: 'json',
    created_at: 'time',
    updated_at: 'time',
    created_by: 'text?',
  },
  /** Who wants no more messages from an organization. `mark` is the address hash, a keyed hash of the address. */
  suppressions: { organization_id: 'text', mark: 'text', at: 'time' },
  /** Sinks that are switched off, by name. */
  endpoints: { name: 'text', disabled_at: 'time', reason: 'text' },
  schema: { version: 'int', minimum_reader: 'int' },
} as const satisfies Record<string, Record<string, ColumnType>>

export type TableName = keyof typeof tables

export const tableNames = Object.keys(tables) as readonly TableName[]

export const primaryKeys: Readonly<Record<TableName, readonly string[]>> = {
  scopes: ['organization_id'],
  invites: ['id'],
  uses: ['invite_id', 'user_id'],
  members: ['organization_id', 'user_id'],
  events: ['seq'],
  outbox: ['seq'],
  kept: ['organization_id', 'key'],
  counters: ['counter'],
  templates: ['id'],
  suppressions: ['organization_id', 'mark'],
  endpoints: ['name'],
  schema: ['version'],
}

type ValueOf<T extends BaseType> = T extends 'id' | 'text'
  ? string
  : T extends 'int' | 'number'
    ? number
    : T extends 'flag'
      ? boolean
      : T extends 'json'
        ? Json
        : T extends 'time'
          ? Date
          : Date | null

type Value<T extends ColumnType> = T extends `${infer B extends BaseType}?`
  ? ValueOf<B> | null
  : T extends BaseType
    ? ValueOf<T>
    : never

/** A row as JavaScript values, by column. */
export type Row<T extends TableName> = {
  readonly [C in keyof (typeof tables)[T]]: Value<Extract<(typeof tables)[T][C], ColumnType>>
}

/** The columns of a table with their types, in order. */
export const columnsOf = (table: TableName): readonly (readonly [column: string, type: ColumnType])[] =>
  Object.entries(tables[table])

/** The columns that a writer fills; the database assigns the others. */
export const writtenColumns = (table: TableName): readonly string[] =>
  columnsOf(table).flatMap(([column, type]) => (type === 'number' ? [] : [column]))

export interface NameOptions {
  /** The Postgres schema that holds the tables; absent: the one that `search_path` finds. */
  readonly schema?: string | undefined
  /** Default `invite_`. */
  readonly tablePrefix?: string | undefined
}

/** Each table's name as SQL text, quoted. */
export type Names = Readonly<Record<TableName, string>>

const word = /^[A-Za-z_][A-Za-z0-9_]{0,30}$/

export function namesOf({ schema, tablePrefix = 'invite_' }: NameOptions): Names {
  for (const [field, value] of Object.entries({ schema, tablePrefix })) {
    if (value !== undefined && !word.test(value))
      throw new TypeError(`${field}: letters, digits and _ only, up to 31: ${JSON.stringify(value)}`)
  }
  const name = (table: TableName) => `${schema === undefined ? '' : `"${schema}".`}"${tablePrefix}${table}"`
  return Object.fromEntries(tableNames.map(table => [table, name(table)])) as Names
}
