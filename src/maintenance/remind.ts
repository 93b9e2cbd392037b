// Reminding whoever has not answered: what is due, batch by batch, organization by organization, through the one path.

import type { Services } from '../commit/services.ts'
import { type InviteRecord, isPast } from '../domain/invite.ts'
import { unlimited } from '../options/numbers.ts'
import { nowOf } from '../options/settings.ts'
import type { DeliveryRow } from '../ports/storage/outbox.ts'
import { byOrganization, maxRows, type Run } from './expire.ts'

/** How many invites are reminded of. Whoever else runs this at the same time finds the others. */
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
      // One organization's fault, such as that of a host's function for its limits, holds up no other.
      const tell = (error: unknown) => onError(error, { where: 'reminders' })
      reminded += (await remindAll(services, organizationId, { invites, deliveries, deferDelivery }).catch(tell)) ?? 0
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
    // Nothing ran while it was due: written down as expired, it is not found again.
    if (isPast(invite, now)) return { type: 'expire', id: invite.id, actor: 'system' } as const
    const channels = arrived(deliveries.filter(({ inviteId }) => inviteId === invite.id))
    return { type: 'remind', id: invite.id, actor: 'system', channels } as const
  })
  const { results } = await services.transact({ organizationId, commands, limits, tx: undefined, deferDelivery })
  const sent = results.flatMap(({ decision }) => (decision.ok ? decision.events : []))
  return sent.filter(event => event.type === 'reminder.due' && event.sends.length > 0).length
}

/** The channels whose last message was taken, and not given back since: where it waits or failed, a reminder is of no use. */
function arrived(deliveries: readonly DeliveryRow[]): readonly string[] {
  const last = new Map(deliveries.filter(({ reason }) => reason !== 'expired').map(each => [each.channel, each.status]))
  return [...last].flatMap(([channel, status]) => (status === 'sent' || status === 'delivered' ? channel : []))
}
