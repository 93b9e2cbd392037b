// Adds deliveries to public invites: all of them after a read, the queued ones after a write.
import type { InviteId, InviteRecord } from '../domain/invite.ts'
import type { Settings } from '../options/settings.ts'
import type { Invite } from '../ports/invite.ts'
import type { DeliveryRow } from '../ports/storage/outbox.ts'
import type { MessageRow } from '../ports/storage/rows.ts'
import { toInvite } from './invite.ts'

/** After a write: with the deliveries that the write queued. Needs no query. */
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

/** After a read: with all deliveries, from one query for all invites. */
export async function withDeliveries<Tx>(
  { storage, expiryNotices }: Settings<Tx>,
  invites: readonly InviteRecord[],
  now: Date,
  tx: Tx | undefined,
): Promise<Invite[]> {
  // An invite that was never sent may still have a notice to its inviter.
  const ids = invites.filter(invite => invite.sendCount > 0 || expiryNotices !== null).map(invite => invite.id)
  const deliveries = new Map<InviteId, DeliveryRow[]>()
  for (const row of ids.length === 0 ? [] : await storage.lists.deliveries(ids, tx)) {
    const own = deliveries.get(row.inviteId)
    if (own) own.push(row)
    else deliveries.set(row.inviteId, [row])
  }
  return invites.map(invite => toInvite(invite, now, deliveries.get(invite.id)))
}
