// The outbox in both dialects: shared statements, reading leased rows, and settlements as rows.
import type { Checked, Hold, Leased, MessageRow, Settled, Settlement } from '../../../src/core.ts'
import { type Columns, type Dialect, outgoing, type RawRow, selected } from './dialect.ts'
import type { Fields } from './fields.ts'
import { toInvite } from './invite-row.ts'
import { events, toLeased } from './rows.ts'
import { type Names, type TableName, tables } from './tables.ts'

/** Columns of several tables in one row, told apart by a prefix. */
export const prefixed = (prefix: string, columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).map(([column, expression]) => [`${prefix}_${column}`, expression]))

/** The columns of one table, without the prefix. */
export const unprefixed = (prefix: string, table: TableName): ((row: RawRow) => RawRow) => {
  const names = Object.keys(tables[table]).map(column => [column, `${prefix}_${column}`] as const)
  return row => {
    const own: Record<string, unknown> = {}
    for (const [column, name] of names) own[column] = row[name]
    return own
  }
}

const message = unprefixed('o', 'outbox')
const event = unprefixed('e', 'events')
const invite = unprefixed('i', 'invites')

/** Selects each message `o` of `from` with its event, its invite and what else decides whether to send it. */
export const checkedSelect = (dialect: Dialect, names: Names, from: string, also: Columns = {}): string =>
  `select ${selected({
    ...prefixed('o', outgoing(dialect, 'outbox', 'o')),
    ...prefixed('e', outgoing(dialect, 'events', 'e')),
    ...prefixed('i', outgoing(dialect, 'invites', 'i')),
    ...also,
  })}, d.name as d_name, ` +
  // Ordered as the index is: with `exists` the planner may read the whole table.
  `(select mark from ${names.suppressions} x where x.organization_id = o.organization_id ` +
  `order by x.organization_id, x.mark limit 1) as suppressing, ` +
  `coalesce(${['o.organization_id', "''"].map(owner => firstTemplate(names, owner)).join(', ')}) as templated ` +
  `from ${from} join ${names.invites} i on i.id = o.invite_id left join ${names.events} e on e.id = o.event_id ` +
  `left join ${names.endpoints} d on o.kind = 'event' and d.name = o.target`

const firstTemplate = ({ templates }: Names, owner: string) =>
  `(select id from ${templates} x where x.organization_id = ${owner} order by x.organization_id, x.id limit 1)`

/** Selects messages ($1) that are leased at the time ($2, or the database's own). */
export const checkText = (dialect: Dialect, names: Names, also: Columns = {}): string =>
  dialect.whole(
    `${checkedSelect(dialect, names, `${names.outbox} o`, also)} ` +
      `where ${dialect.among('o.id', dialect.each('$1', 'ids'))} and o.due_at is not null and o.leased_until > ${dialect.now('$2')}`,
  )

const readLeased = (dialect: Dialect, row: RawRow): Leased =>
  toLeased(dialect, message(row), row['e_id'] === null ? null : events.fromRow(dialect, event(row)))

const toChecked = (dialect: Dialect, row: RawRow, owner: string): Checked => ({
  owner,
  invite: toInvite(invite(row), dialect.fromJson),
  message: readLeased(dialect, row),
  disabled: row['d_name'] !== null,
  suppressing: row['suppressing'] !== null,
  templated: row['templated'] !== null,
  // SQLite selects no `now`: its clock is this process's.
  now: new Date(Number(row['now'] ?? Date.now())),
})

/** Reads rows that were just leased. */
export const readLeases = (dialect: Dialect, rows: readonly RawRow[], owner: string): readonly Checked[] =>
  rows.map(row => toChecked(dialect, row, owner))

export const idsOf = (holds: readonly Hold[]): string => JSON.stringify({ ids: holds.map(({ id }) => id) })

/** Reads the rows whose lease is still that of its hold. */
export function readChecked(dialect: Dialect, rows: readonly RawRow[], holds: readonly Hold[]): readonly Checked[] {
  const found = new Map(rows.map(row => [row['o_id'], row]))
  return holds.flatMap(({ id, owner }) => {
    const row = found.get(id)
    return row?.['o_lease_owner'] === owner ? toChecked(dialect, row, owner) : []
  })
}

/** Parameters of `freeText`, as SQL. */
export interface FreeParameters {
  readonly time: string
  /** A JSON text: `{ "except": targets }`. */
  readonly except: string
  /** 1: also messages whose last lease expired unsettled. */
  readonly lapsed: string
}

/** Whether the message is not leased at the time, its target not excepted, and a lapsed one allowed. */
export function freeText(dialect: Dialect, { time, except, lapsed }: FreeParameters): string {
  // A `case`, since the planner cannot estimate it. For a column with few values it would expect that every row is in the
  // list, and read the whole table instead of the first rows of the index.
  const isWanted = `case when ${dialect.among('target', dialect.each(except, 'except'))} then false else true end`
  const mayLapse = `(lease_owner is null or ${dialect.cast(lapsed, 'int')} = 1)`
  return `(leased_until is null or leased_until <= ${time}) and ${isWanted} and ${mayLapse}`
}

/** Counts an attempt when a message is leased. After a lapsed lease it counts in `lapses`. */
export const countAttemptText =
  'attempts = attempts + case when lease_owner is null then 1 else 0 end, ' +
  'lapses = case when lease_owner is null then lapses else coalesce(lapses, 0) + 1 end'

/** Takes the attempt back when a message is released. A message that had lapsed before still has. */
export const uncountAttemptText =
  'attempts = attempts - case when lapses is null then 1 else 0 end, lapses = lapses - 1, leased_until = null, ' +
  'lease_owner = case when lapses is null then null else lease_owner end'

export const redeliverText = (dialect: Dialect, names: Names): string =>
  `update ${names.outbox} set status = 'queued', attempts = 0, due_at = ${dialect.now('$2')}, updated_at = ${dialect.now('$2')}, ` +
  `lapses = null, lease_owner = null, leased_until = null where id = $1 and status = 'failed' returning id`

export const nextText = (dialect: Dialect, names: Names): string =>
  dialect.whole(`select ${dialect.out('min(due_at)', 'time')} as due_at from ${names.outbox} where due_at is not null`)

type SettledRow = Pick<Fields<'outbox'>, 'id' | 'status' | 'providerId' | 'failure' | 'sentAt' | 'dueAt' | 'updatedAt'>

/** The row after a settlement. `final`: no further attempt; an event is then deleted, a delivery stays as a record. */
export function fromSettlement(settlement: Settlement): SettledRow & { readonly final: boolean } {
  const { id, at } = settlement
  const row = { id, updatedAt: at, providerId: null, failure: null, sentAt: null, dueAt: null }
  switch (settlement.outcome) {
    case 'done':
      return { ...row, final: true, status: 'sent', providerId: settlement.providerId, sentAt: at }
    case 'dropped':
      return { ...row, final: true, status: settlement.status, failure: settlement.failure }
    case 'retry':
      return { ...row, final: false, status: 'queued', failure: settlement.failure, dueAt: settlement.dueAt }
    default:
      return settlement satisfies never
  }
}

export const messagesOf = (inputs: readonly Settled[]): readonly { readonly by: string; readonly message: MessageRow }[] =>
  inputs.flatMap(({ settlement, messages }) => (messages ?? []).map(message => ({ by: settlement.id, message })))
