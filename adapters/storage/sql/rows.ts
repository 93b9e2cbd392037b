// Records to rows and back; with `inviterow.ts` the only place that knows both shapes, and may say `as`.
import type {
  DeliveryRow,
  EventRow,
  IdempotencyRecord,
  InviteRef,
  Lease,
  Leased,
  MemberFact,
  MemberRow,
  MessageRow,
  Use,
} from '../../../src/core.ts'
import { toTime } from './codec.ts'
import type { RawRow, Tuple } from './dialect.ts'
import type { Row } from './tables.ts'

export const toFound = ([id, organizationId]: Tuple) => ({ id, organizationId }) as InviteRef

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

export const fromKept = (organizationId: string, { key, input, answer, at }: IdempotencyRecord): Row<'kept'> => ({
  organization_id: organizationId,
  key,
  input,
  answer,
  at,
})

export const toKept = ({ key, input, answer, at }: Row<'kept'>): IdempotencyRecord => ({ key, input, answer, at })

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

/** A new message: due at once, and when it is held from the start, tried. Until when it is held is the writer's to add. */
export const fromMessage = (
  message: MessageRow,
  lease: Lease | null,
): Omit<Row<'outbox'>, 'seq' | 'lease_owner' | 'leased_until'> => ({
  id: message.id,
  kind: message.kind,
  target: message.target,
  organization_id: message.organizationId,
  invite_id: message.inviteId,
  generation: message.generation,
  reason: message.reason,
  event_id: message.eventId,
  mark: message.addressHash,
  status: 'queued',
  attempts: lease === null ? 0 : 1,
  lapses: null,
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
    addressHash: row.mark,
    createdAt: row.created_at,
    attempts: row.attempts,
    lapses: row.lapses ?? 0,
    event: event && toEvent(event),
  }) as Leased

/** What a delivery is read from, in order. */
export const deliveryColumns = [
  ...(['id', 'invite_id', 'target', 'generation', 'reason', 'status', 'attempts', 'provider_id', 'failure'] as const),
  ...(['created_at', 'updated_at', 'sent_at'] as const),
]

/** From a row as it came, or as JavaScript values. */
export const toDelivery = (row: RawRow | Row<'outbox'>): DeliveryRow => deliveryOf(deliveryColumns.map(column => row[column]))

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
  }) as DeliveryRow
