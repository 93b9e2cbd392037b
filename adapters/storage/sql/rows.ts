// Records to rows and back: the only place that knows both shapes, and the only one that may say `as`.
import type {
  DeliveryRow,
  EventRow,
  Found,
  InviteRecord,
  Kept,
  Leased,
  MemberFact,
  MemberRow,
  MessageRow,
  Use,
} from '../../../src/index.ts'
import type { Dialect, RawRow } from './dialect.ts'
import { columnsOf, type Row, type TableName, tables } from './tables.ts'

/** A row's values as they are written: by column, in the dialect's own types. */
export function encode<T extends TableName>(dialect: Dialect, table: T, row: Partial<Row<T>>): Record<string, unknown> {
  const types: Readonly<Record<string, string>> = tables[table]
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, encodeValue(dialect, types[column] ?? 'text', value)]))
}

function encodeValue(dialect: Dialect, type: string, value: unknown): unknown {
  if (value === null) return type === 'expiry' ? dialect.time(null) : null
  if (value instanceof Date) return dialect.time(value)
  if (typeof value === 'boolean' && type === 'flag') return dialect.flag(value)
  return type.startsWith('json') ? dialect.json(value) : value
}

/** The row as JavaScript values. Columns that the select left out stay absent. */
export function decode<T extends TableName>(dialect: Dialect, table: T, raw: RawRow): Row<T> {
  const values = columnsOf(table).flatMap(([column, type]) =>
    column in raw ? [[column, decodeValue(dialect, type, raw[column])] as const] : [],
  )
  return Object.fromEntries(values) as unknown as Row<T>
}

function decodeValue(dialect: Dialect, type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (type.startsWith('time') || type === 'expiry') return new Date(Number(value))
  if (type.startsWith('json')) return dialect.fromJson(value)
  return type === 'flag' ? Boolean(value) : value
}

export function fromInvite(invite: InviteRecord): Row<'invites'> {
  const to = invite.kind === 'personal' ? invite.recipient : null
  const texts = [to?.email, to?.emailKey, to?.phone, to?.phoneKey, to?.fullName, to?.firstName, to?.lastName]
  return {
    id: invite.id,
    organization_id: invite.organizationId,
    kind: invite.kind,
    status: invite.status,
    role: invite.role,
    inviter_id: invite.inviterId,
    inviter_role: invite.inviterRole,
    inviter_name: invite.inviterName,
    invitee_id: invite.inviteeId,
    external_id: invite.externalId,
    template_id: invite.templateId,
    template: invite.template,
    metadata: invite.metadata,
    extra: invite.extra,
    channels: invite.channels,
    link_pattern: invite.linkPattern,
    key_id: invite.keyId,
    generation: invite.generation,
    code_hash: invite.codeHash,
    max_uses: invite.kind === 'open' ? invite.maxUses : null,
    use_count: invite.useCount,
    email: to?.email ?? null,
    email_key: to?.emailKey ?? null,
    phone: to?.phone ?? null,
    phone_key: to?.phoneKey ?? null,
    full_name: to?.fullName ?? null,
    first_name: to?.firstName ?? null,
    last_name: to?.lastName ?? null,
    locale: to?.locale ?? null,
    search: texts.flatMap(text => text?.toLowerCase() ?? []).join('\n'),
    created_at: invite.createdAt,
    updated_at: invite.updatedAt,
    expires_at: invite.expiresAt,
    lifetime: invite.lifetime,
    sent_at: invite.sentAt,
    send_count: invite.sendCount,
    opened_at: invite.openedAt,
    erased_at: invite.erasedAt,
    accepted_at: invite.status === 'accepted' ? invite.acceptedAt : null,
    accepted_by: invite.status === 'accepted' ? invite.acceptedBy : null,
    declined_at: invite.status === 'declined' ? invite.declinedAt : null,
    decline_reason: invite.status === 'declined' ? invite.declineReason : null,
    revoked_at: invite.status === 'revoked' ? invite.revokedAt : null,
    revoked_by: invite.status === 'revoked' ? invite.revokedBy : null,
    revoke_reason: invite.status === 'revoked' ? invite.revokeReason : null,
  }
}

export function toInvite(row: Row<'invites'>): InviteRecord {
  const terms = {
    id: row.id,
    organizationId: row.organization_id,
    role: row.role,
    inviterId: row.inviter_id,
    inviterRole: row.inviter_role,
    inviterName: row.inviter_name,
    inviteeId: row.invitee_id,
    externalId: row.external_id,
    templateId: row.template_id,
    template: row.template,
    metadata: row.metadata,
    extra: row.extra,
    channels: row.channels,
    linkPattern: row.link_pattern,
    keyId: row.key_id,
    generation: row.generation,
    codeHash: row.code_hash,
    useCount: row.use_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    lifetime: row.lifetime,
    sentAt: row.sent_at,
    sendCount: row.send_count,
    openedAt: row.opened_at,
    erasedAt: row.erased_at,
  }
  return { ...terms, ...kindOf(row), ...standingOf(row) } as InviteRecord
}

const kindOf = (row: Row<'invites'>) =>
  row.kind === 'open' ? { kind: 'open', maxUses: row.max_uses } : { kind: 'personal', recipient: recipientOf(row) }

const recipientOf = (row: Row<'invites'>) => ({
  email: row.email,
  emailKey: row.email_key,
  phone: row.phone,
  phoneKey: row.phone_key,
  fullName: row.full_name,
  firstName: row.first_name,
  lastName: row.last_name,
  locale: row.locale,
})

function standingOf(row: Row<'invites'>) {
  const { status } = row
  if (status === 'accepted') return { status, acceptedAt: row.accepted_at, acceptedBy: row.accepted_by }
  if (status === 'declined') return { status, declinedAt: row.declined_at, declineReason: row.decline_reason }
  if (status === 'revoked') return { status, revokedAt: row.revoked_at, revokedBy: row.revoked_by, revokeReason: row.revoke_reason }
  return { status }
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
  ({ userId: row.user_id, role: row.role, emailKey: row.email_key, phoneKey: row.phone_key, removed: row.removed }) as MemberFact

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
