// Records as rows: a reader for each table, the columns that are written with where their values are, and new messages.
import type {
  DeliveryRow,
  DisabledSink,
  EventRow,
  IdempotencyRecord,
  InviteRecord,
  InviteRef,
  Lease,
  Leased,
  MemberFact,
  MemberRow,
  MessageRow,
  TemplateRecord,
  Use,
} from '../../../src/core.ts'
import { createReader, some, toTime, type WrittenColumn } from './codec.ts'
import type { Columns, Dialect, RawRow, Tuple } from './dialect.ts'
import { type Fields, fieldOf } from './fields.ts'
import { inviteValue } from './invite-row.ts'
import { columnsOf, type TableName, tableNames, writtenColumns } from './tables.ts'

export const uses = createReader<'uses', Use>('uses', {})
export const members = createReader<'members', MemberRow>('members', { organizationId: true })
export const memberFacts = createReader<'members', MemberFact>('members', { organizationId: true, at: true })
export const idempotency = createReader<'kept', IdempotencyRecord>('kept', { organizationId: true })
export const events = createReader<'events', EventRow & { readonly sequence: number }>('events', {})
const leased = createReader<'outbox', Omit<Leased, 'event'>>('outbox', {
  seq: true,
  status: true,
  providerId: true,
  failure: true,
  updatedAt: true,
  sentAt: true,
  dueAt: true,
  leaseOwner: true,
  leasedUntil: true,
})
export const templateRecords = createReader<'templates', TemplateRecord>('templates', {})
export const disabledSinks = createReader<'endpoints', DisabledSink>('endpoints', {})

/** What a writer fills of a row. The database numbers events and messages itself. */
export type NewRow<T extends TableName> = T extends 'invites'
  ? InviteRecord
  : Omit<Fields<T>, T extends 'events' ? 'sequence' : T extends 'outbox' ? 'seq' : never>

/** The columns that a writer fills, in order. */
export const written = Object.fromEntries(tableNames.map(table => [table, writtenOf(table)])) as Readonly<
  Record<TableName, readonly WrittenColumn[]>
>

function writtenOf(table: TableName): readonly WrittenColumn[] {
  const types = new Map(columnsOf(table))
  return writtenColumns(table).map(column => ({ column, type: types.get(column) ?? 'text', valueIn: valueIn(table, column) }))
}

function valueIn(table: TableName, column: string): WrittenColumn['valueIn'] {
  if (table === 'invites') return inviteValue(column) as WrittenColumn['valueIn']
  const field = fieldOf(table, column)
  return row => (row as Readonly<Record<string, unknown>>)[field]
}

export const toRef = ([id, organizationId]: Tuple) => ({ id, organizationId }) as InviteRef

/** A new message is due at once. One that is leased from the start counts its first attempt; the statement fills in until when. */
export const newMessage = (message: MessageRow, lease: Lease | null): NewRow<'outbox'> & { leaseMs: number | null } => ({
  status: 'queued',
  attempts: lease === null ? 0 : 1,
  lapses: null,
  providerId: null,
  failure: null,
  updatedAt: message.createdAt,
  sentAt: null,
  dueAt: message.createdAt,
  leaseOwner: lease?.owner ?? null,
  leasedUntil: null,
  leaseMs: lease?.ms ?? null,
  // Last: V8 takes a hundred times as long to add fields after a spread.
  ...message,
})

export function toLeased(dialect: Dialect, row: RawRow, event: Leased['event']): Leased {
  const message = leased.fromRow(dialect, row)
  return Object.assign(message, { lapses: message.lapses ?? 0, event })
}

const deliveryColumns = [
  ...['id', 'invite_id', 'target', 'generation', 'reason', 'status', 'attempts', 'provider_id', 'failure'],
  ...['created_at', 'updated_at', 'sent_at'],
]

export const deliverySelection = (dialect: Dialect): Columns => some(dialect, 'outbox', deliveryColumns)

export const toDelivery = (row: RawRow): DeliveryRow => deliveryOf(deliveryColumns.map(column => row[column]))

export const deliveryOf = ([
  id,
  inviteId,
  channel,
  generation,
  reason,
  status,
  attempts,
  providerId,
  failure,
  createdAt,
  updatedAt,
  sentAt,
]: Tuple) =>
  ({
    id,
    inviteId,
    channel,
    generation,
    reason: reason ?? 'created',
    status,
    attempts,
    providerId,
    failure,
    createdAt: toTime(createdAt),
    updatedAt: toTime(updatedAt),
    sentAt: toTime(sentAt),
  }) satisfies Readonly<Record<keyof DeliveryRow, unknown>> as DeliveryRow
