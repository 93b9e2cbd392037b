// Sends the reminders that are due to invitees who have not answered: in batches, one commit for each organization.

import type { Services } from '../commit/services.ts'
import { type InviteRecord, isPast } from '../domain/invite.ts'
import { unlimited } from '../options/numbers.ts'
import { nowOf } from '../options/settings.ts'
import type { DeliveryRow } from '../ports/storage/outbox.ts'
import { byOrganization, maxRows, type Run } from './expire.ts'

/** Answers how many reminders were written. Several processes may run it at once: none is written twice. */
export async function remindDue<Tx>(
  services: Services<Tx>,
  { batch, deferDelivery = false, isOver = () => false }: Run,
): Promise<number> {
  const { storage, onError } = services.settings
  const lists = storage.lists
  const limit = Math.min(batch, maxRows)
  let reminded = 0
  let last: InviteRecord | undefined
  while (!isOver()) {
    const after = last?.remindAt ? { remindAt: last.remindAt, id: last.id } : null
    const due = await lists.remindable(nowOf(services.settings), limit, after)
    const deliveries = due.length === 0 ? [] : await lists.deliveries(due.map(({ id }) => id))
    for (const [organizationId, invites] of byOrganization(due)) {
      // An organization that fails, such as by the host's function for its limits, holds up no other.
      const report = (error: unknown) => onError(error, { where: 'reminders' })
      reminded += (await remindAll(services, organizationId, { invites, deliveries, deferDelivery }).catch(report)) ?? 0
    }
    if (due.length < limit) break
    last = due.at(-1)
  }
  return reminded
}

interface Due {
  readonly invites: readonly InviteRecord[]
  readonly deliveries: readonly DeliveryRow[]
  readonly deferDelivery: boolean
}

async function remindAll<Tx>(
  services: Services<Tx>,
  organizationId: string,
  { invites, deliveries, deferDelivery }: Due,
): Promise<number> {
  const { perRecipientPerDay } = await services.settings.limitsOf(organizationId)
  const limits = { ...unlimited, perRecipientPerDay }
  const now = nowOf(services.settings)
  const commands = invites.map(invite => {
    // No reminder was sent in time. Stored as expired, it is not found again.
    if (isPast(invite, now)) return { type: 'expire', id: invite.id, actor: 'system' } as const
    const channels = arrivedChannels(deliveries.filter(({ inviteId }) => inviteId === invite.id))
    return { type: 'remind', id: invite.id, actor: 'system', channels } as const
  })
  const { results } = await services.transact({ organizationId, commands, limits, tx: undefined, deferDelivery })
  const sent = results.flatMap(({ decision }) => (decision.ok ? decision.events : []))
  return sent.filter(event => event.type === 'reminder.due' && event.sends.length > 0).length
}

/** The channels whose last message was sent and has not bounced: where it waits or failed, a reminder is of no use. */
function arrivedChannels(deliveries: readonly DeliveryRow[]): readonly string[] {
  const last = new Map(deliveries.filter(({ reason }) => reason !== 'expired').map(each => [each.channel, each.status]))
  return [...last].flatMap(([channel, status]) => (status === 'sent' || status === 'delivered' ? channel : []))
}
