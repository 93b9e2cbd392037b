// What both outboxes share: the texts that are the same, the codec of leased rows, and settlements as rows.
import type { Checked, Hold, Leased, MessageRow, Settled, Settlement } from '../../../src/index.ts'
import { type Columns, type Dialect, outgoing, type RawRow, selected } from './dialect.ts'
import { toInvite } from './inviterow.ts'
import { decode, toLeased } from './rows.ts'
import { type Names, type Row, type TableName, tables } from './tables.ts'

/** Columns of several tables in one row, told apart by a prefix. */
export const prefixed = (prefix: string, columns: Columns): Columns =>
  Object.fromEntries(Object.entries(columns).map(([column, expression]) => [`${prefix}_${column}`, expression]))

const unprefixed = (prefix: string, row: RawRow, table: TableName): RawRow =>
  Object.fromEntries(Object.keys(tables[table]).map(column => [column, row[`${prefix}_${column}`]]))

/** A message with its event: for a `from` where `o` is the message. */
export const leasedColumns = (dialect: Dialect): string =>
  selected({ ...prefixed('o', outgoing(dialect, 'outbox', 'o')), ...prefixed('e', outgoing(dialect, 'events', 'e')) })

export const withEvent = (names: Names): string => `left join ${names.events} e on e.id = o.event_id`

export function readLeased(dialect: Dialect, row: RawRow): Leased {
  const message = decode(dialect, 'outbox', unprefixed('o', row, 'outbox'))
  return toLeased(message, row['e_id'] === null ? null : decode(dialect, 'events', unprefixed('e', row, 'events')))
}

/** Messages ($1) that somebody holds at the time ($2, or the database's own), each with its invite. */
export const checkText = (dialect: Dialect, names: Names): string =>
  dialect.whole(
    `select ${leasedColumns(dialect)}, ${selected(prefixed('i', outgoing(dialect, 'invites', 'i')))} from ${names.outbox} o ` +
      `join ${names.invites} i on i.id = o.invite_id ${withEvent(names)} ` +
      `where ${dialect.among('o.id', dialect.each('$1', 'ids'))} and o.due_at is not null and o.leased_until > ${dialect.now('$2')}`,
  )

export const heldIds = (holds: readonly Hold[]): string => JSON.stringify({ ids: holds.map(({ id }) => id) })

/** Those of the rows that are held as they were said to be. */
export function readChecked(dialect: Dialect, rows: readonly RawRow[], holds: readonly Hold[]): readonly Checked[] {
  const found = new Map(rows.map(row => [row['o_id'], row]))
  return holds.flatMap(({ id, owner }) => {
    const row = found.get(id)
    if (row?.['o_lease_owner'] !== owner) return []
    return {
      owner,
      invite: toInvite(decode(dialect, 'invites', unprefixed('i', row, 'invites'))),
      message: readLeased(dialect, row),
    }
  })
}

export const redeliverText = (dialect: Dialect, names: Names): string =>
  `update ${names.outbox} set status = 'queued', attempts = 0, due_at = ${dialect.now('$2')}, updated_at = ${dialect.now('$2')}, ` +
  `lease_owner = null, leased_until = null where id = $1 and status = 'failed' returning id`

export const nextText = (dialect: Dialect, names: Names): string =>
  dialect.whole(`select ${dialect.out('min(due_at)', 'time')} as due_at from ${names.outbox} where due_at is not null`)

type SettledRow = Pick<Row<'outbox'>, 'id' | 'status' | 'provider_id' | 'failure' | 'sent_at' | 'due_at' | 'updated_at'>

/** What becomes of the message. `final`: an event that is settled for good is deleted; a delivery stays as a record. */
export function fromSettlement(settlement: Settlement): SettledRow & { readonly final: boolean } {
  const { id, at } = settlement
  const row = { id, updated_at: at, provider_id: null, failure: null, sent_at: null, due_at: null }
  switch (settlement.outcome) {
    case 'done':
      return { ...row, final: true, status: 'sent', provider_id: settlement.providerId, sent_at: at }
    case 'dropped':
      return { ...row, final: true, status: settlement.status, failure: settlement.failure }
    case 'retry':
      return { ...row, final: false, status: 'queued', failure: settlement.failure, due_at: settlement.dueAt }
    default:
      return settlement satisfies never
  }
}

export const messagesOf = (inputs: readonly Settled[]): readonly { readonly by: string; readonly message: MessageRow }[] =>
  inputs.flatMap(({ settlement, messages }) => (messages ?? []).map(message => ({ by: settlement.id, message })))
