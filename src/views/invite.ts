// The stored invite as callers, events and the wire see it, alone or with its deliveries, and back from an event's JSON.
import { type InviteId, type InviteRecord, isPast, type Json, type JsonObject, type RecipientRecord } from '../domain/invite.ts'
import type { Settings } from '../options/settings.ts'
import type { Delivery, Invite, Recipient } from '../ports/invite.ts'
import type { InviteEvent } from '../ports/sink.ts'
import type { DeliveryRow, Leased } from '../ports/storage/outbox.ts'
import type { MessageRow } from '../ports/storage/rows.ts'

/**
 * The public invite at `now`, with these deliveries. A pending invite past `expiresAt` is shown as expired.
 * The fields of kind and status are spread last: V8 takes fifty times as long to add fields to an object after a spread.
 */
export const toInvite = (invite: InviteRecord, now: Date, deliveries: readonly DeliveryRow[] = []): Invite => ({
  id: invite.id,
  organizationId: invite.organizationId,
  role: invite.role,
  inviterId: invite.inviterId,
  inviterRole: invite.inviterRole,
  inviteeId: invite.inviteeId,
  externalId: invite.externalId,
  templateId: invite.templateId,
  metadata: invite.metadata,
  channels: invite.channels,
  useCount: invite.useCount,
  createdAt: invite.createdAt,
  updatedAt: invite.updatedAt,
  expiresAt: invite.expiresAt,
  sentAt: invite.sentAt,
  sendCount: invite.sendCount,
  openedAt: invite.openedAt,
  deliveries: deliveries.map(toDelivery),
  ...kindOf(invite),
  ...statusFieldsOf(invite, now),
})

const kindOf = (invite: InviteRecord) =>
  invite.kind === 'open'
    ? ({ kind: 'open', recipient: null, maxUses: invite.maxUses } as const)
    : ({ kind: 'personal', recipient: toRecipient(invite.recipient) } as const)

function statusFieldsOf(invite: InviteRecord, now: Date) {
  switch (invite.status) {
    case 'pending':
      return { status: isPast(invite, now) ? 'expired' : 'pending' } as const
    case 'expired':
      return { status: invite.status } as const
    case 'accepted':
      return { status: invite.status, acceptedAt: invite.acceptedAt, acceptedBy: invite.acceptedBy } as const
    case 'declined':
      return { status: invite.status, declinedAt: invite.declinedAt, declineReason: invite.declineReason } as const
    case 'revoked': {
      const { status, revokedAt, revokedBy, revokeReason } = invite
      return { status, revokedAt, revokedBy, revokeReason } as const
    }
    default:
      return invite satisfies never
  }
}

const toRecipient = ({ email, phone, fullName, firstName, lastName, locale }: RecipientRecord): Recipient => ({
  email,
  phone,
  fullName,
  firstName,
  lastName,
  locale,
})

const toDelivery = ({ id, channel, reason, status, failure, createdAt, updatedAt, sentAt }: DeliveryRow): Delivery => ({
  id,
  channel,
  reason,
  status,
  failure,
  createdAt,
  updatedAt,
  sentAt,
})

/** The JSON for history and webhooks: dates become ISO 8601 texts. */
export const toJson = (invite: Invite): JsonObject => plain(invite) as JsonObject

/** The same as `JSON.parse(JSON.stringify(value))` but faster; it runs for every event. */
function plain(value: unknown): Json | undefined {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(item => plain(item) ?? null)
  if (typeof value !== 'object' || value === null) return value as Json
  const copy: Record<string, Json> = {}
  for (const [key, item] of Object.entries(value)) {
    const one = plain(item)
    if (one !== undefined) copy[key] = one
  }
  return copy
}

const dates = ['createdAt', 'updatedAt', 'expiresAt', 'sentAt', 'openedAt', 'acceptedAt', 'declinedAt', 'revokedAt']

/** The invite in an event's JSON, with dates as `Date` again. */
function fromJson(data: JsonObject): Invite {
  const revived = Object.entries(data).map(([key, value]) => [
    key,
    dates.includes(key) && typeof value === 'string' ? new Date(value) : value,
  ])
  return Object.fromEntries(revived)
}

/** A row of the history as the event that listeners and sinks get. */
export const toEvent = (row: NonNullable<Leased['event']>): InviteEvent => ({
  id: row.id,
  type: row.type,
  timestamp: row.at,
  organizationId: row.organizationId,
  sequence: row.sequence,
  data: {
    invite: fromJson(row.data),
    actor: row.actorId === null ? null : { userId: row.actorId },
    previousStatus: row.previousStatus,
  },
})

/** After a write, without a query: with the deliveries that the write queued. */
export const withQueuedDeliveries = (invite: InviteRecord, now: Date, queued: readonly MessageRow[]): Invite =>
  toInvite(invite, now, queued.filter(message => message.inviteId === invite.id).flatMap(toQueued))

const toQueued = ({ id, inviteId, kind, target, generation, reason, createdAt }: MessageRow): DeliveryRow[] =>
  kind === 'event' || reason === null
    ? []
    : [
        {
          id,
          inviteId,
          channel: target,
          generation,
          reason,
          status: 'queued',
          attempts: 0,
          providerId: null,
          failure: null,
          createdAt,
          updatedAt: createdAt,
          sentAt: null,
        },
      ]

/** After a read: with all their deliveries, in one query. */
export async function withDeliveries<Tx>(
  { storage, expiryNotices }: Settings<Tx>,
  invites: readonly InviteRecord[],
  now: Date,
  tx: Tx | undefined,
): Promise<Invite[]> {
  // An invite that was never sent may have an expiry notice to its inviter.
  const ids = invites.filter(invite => invite.sendCount > 0 || expiryNotices !== null).map(invite => invite.id)
  const deliveries = new Map<InviteId, DeliveryRow[]>()
  for (const row of ids.length === 0 ? [] : await storage.lists.deliveries(ids, tx)) {
    const own = deliveries.get(row.inviteId)
    if (own) own.push(row)
    else deliveries.set(row.inviteId, [row])
  }
  return invites.map(invite => toInvite(invite, now, deliveries.get(invite.id)))
}
