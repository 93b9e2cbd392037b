// Invites as callers see them: with all their deliveries when they are looked up, with the new ones after a write.
import type { InviteRecord } from '../domain/invite.ts'
import type { Invite } from '../ports/invite.ts'
import type { DeliveryRow } from '../ports/outbox.ts'
import type { MessageRow } from '../ports/rows.ts'
import type { Settings } from './settings.ts'
import { toInvite } from './view.ts'

/** After a write: no further query, the deliveries are those that it queued. */
export const written = (invite: InviteRecord, now: Date, queued: readonly MessageRow[]): Invite =>
  toInvite(invite, now, queued.flatMap(toQueued))

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

/** Looked up: every delivery, one query for all. */
export async function lookedUp<Tx>(
  { storage }: Settings<Tx>,
  invites: readonly InviteRecord[],
  now: Date,
  tx: Tx | undefined,
): Promise<Invite[]> {
  const ids = invites.filter(invite => invite.sendCount > 0).map(invite => invite.id)
  const deliveries = ids.length === 0 ? [] : await storage.lists.deliveries(ids, tx)
  return invites.map(invite => toInvite(invite, now, deliveries))
}
