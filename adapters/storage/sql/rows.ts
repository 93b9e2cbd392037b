// Records to rows and back; with `inviterow.ts` the only place that knows both shapes, and may say `as`.
import type { DeliveryRow, EventRow, Found, Kept, Leased, MemberFact, MemberRow, MessageRow, Use } from '../../../src/index.ts'
import type { Dialect, RawRow } from './dialect.ts'
import { columnsOf, type Row, type TableName, tables } from './tables.ts'

/** A row's values as they are written: by column, in the dialect's own types. A null is left out: both writers put it in again. */
export function encode<T extends TableName>(dialect: Dialect, table: T, row: Partial<Row<T>>): Record<string, unknown> {
  const types: Readonly<Record<string, string>> = tables[table]
  const values: Record<string, unknown> = {}
  for (const column in row) {
    const type = types[column] ?? 'text'
    const value = row[column]
    if (value !== null || type === 'expiry') values[column] = encodeValue(dialect, type, value)
  }
  return values
}

function encodeValue(dialect: Dialect, type: string, value: unknown): unknown {
  if (value === null) return type === 'expiry' ? dialect.time(null) : null
  if (value instanceof Date) return dialect.time(value)
  if (typeof value === 'boolean' && type === 'flag') return dialect.flag(value)
  return type.startsWith('json') ? dialect.json(value) : value
}

/** The row as JavaScript values. Columns that the select left out stay absent. A page decodes thousands of values: no lists of pairs. */
export function decode<T extends TableName>(dialect: Dialect, table: T, raw: RawRow): Row<T> {
  const row: Record<string, unknown> = {}
  for (const [column, kind] of kinds[table]) {
    const value = raw[column]
    if (value === undefined) continue
    row[column] = value === null || kind === 'plain' ? value : decodeValue(dialect, kind, value)
  }
  return row as unknown as Row<T>
}

type Kind = 'plain' | 'time' | 'json' | 'flag'

function kindOf(type: string): Kind {
  if (type.startsWith('time') || type === 'expiry') return 'time'
  if (type.startsWith('json')) return 'json'
  return type.startsWith('flag') ? 'flag' : 'plain'
}

const kinds = Object.fromEntries(
  (Object.keys(tables) as TableName[]).map(table => [
    table,
    columnsOf(table).map(([column, type]) => [column, kindOf(type)] as const),
  ]),
) as unknown as Readonly<Record<TableName, readonly (readonly [column: string, kind: Kind])[]>>

function decodeValue(dialect: Dialect, kind: Kind, value: unknown): unknown {
  if (kind === 'time') return new Date(Number(value))
  return kind === 'json' ? dialect.fromJson(value) : Boolean(value)
}

export const toFound = (raw: RawRow) => ({ id: raw['id'], organizationId: raw['organization_id'] }) as Found

export const fromUse = ({ inviteId, userId, at }: Use): Row<'uses'> => ({ invite_id: inviteId, user_id: userId, at })
export const toUse = (row: Row<'uses'>) => ({ inviteId: row.invite_id, userId: row.user_id, at: row.at }) as Use

export const fromMember = (organizationId: string, member: MemberRow): Row<'members'> => ({
  organization_id: organizationId,
  user_id: member.userId,
  role: member.role,
  email_key: member.emailKey,
  phone_key: member.phoneKey,
  removed: member.removed,
  at: member.at,
})

export const toMemberFact = (row: Row<'members'>) =>
  ({
    userId: row.user_id,
    role: row.role,
    emailKey: row.email_key,
    phoneKey: row.phone_key,
    removed: row.removed,
  }) as MemberFact

export const toMember = (row: Row<'members'>): MemberRow => ({ ...toMemberFact(row), at: row.at })

export const fromKept = (organizationId: string, { key, input, answer, at }: Kept): Row<'kept'> => ({
  organization_id: organizationId,
  key,
  input,
  answer,
  at,
})

export const toKept = ({ key, input, answer, at }: Row<'kept'>): Kept => ({ key, input, answer, at })

export const fromEvent = (event: EventRow): Omit<Row<'events'>, 'seq'> => ({
  id: event.id,
  organization_id: event.organizationId,
  invite_id: event.inviteId,
  type: event.type,
  at: event.at,
  actor_id: event.actorId,
  previous_status: event.previousStatus,
  data: event.data,
})

export const toEvent = (row: Row<'events'>) =>
  ({
    id: row.id,
    organizationId: row.organization_id,
    inviteId: row.invite_id,
    type: row.type,
    at: row.at,
    actorId: row.actor_id,
    previousStatus: row.previous_status,
    data: row.data,
    sequence: row.seq,
  }) as EventRow & { readonly sequence: number }

/** A new message: due at once. Who holds it from the start is the writer's to add. */
export const fromMessage = (message: MessageRow): Omit<Row<'outbox'>, 'seq' | 'lease_owner' | 'leased_until'> => ({
  id: message.id,
  kind: message.kind,
  target: message.target,
  organization_id: message.organizationId,
  invite_id: message.inviteId,
  generation: message.generation,
  reason: message.reason,
  event_id: message.eventId,
  mark: message.mark,
  status: 'queued',
  attempts: 0,
  provider_id: null,
  failure: null,
  created_at: message.createdAt,
  updated_at: message.createdAt,
  sent_at: null,
  due_at: message.createdAt,
})

export const toLeased = (row: Row<'outbox'>, event: Row<'events'> | null) =>
  ({
    id: row.id,
    kind: row.kind,
    target: row.target,
    organizationId: row.organization_id,
    inviteId: row.invite_id,
    generation: row.generation,
    reason: row.reason,
    eventId: row.event_id,
    mark: row.mark,
    createdAt: row.created_at,
    attempts: row.attempts,
    event: event && toEvent(event),
  }) as Leased

export const toDelivery = (row: Row<'outbox'>) =>
  ({
    id: row.id,
    inviteId: row.invite_id,
    channel: row.target,
    generation: row.generation,
    reason: row.reason ?? 'created',
    status: row.status,
    attempts: row.attempts,
    providerId: row.provider_id,
    failure: row.failure,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    sentAt: row.sent_at,
  }) as DeliveryRow
