// What a relay does besides delivering: it sees what has fallen due since it last looked, if the options ask for it.
import type { Services } from '../commit/services.ts'
import { expireDue } from './expire.ts'
import { remindDue } from './remind.ts'

/** Costs one indexed query for each of the two options that is on, and nothing where both are off. */
export async function maintain<Tx>(services: Services<Tx>, isOver: () => boolean): Promise<void> {
  const { reminders, expiryNotices, relay } = services.settings
  const run = { batch: relay.batch, deferDelivery: true, isOver }
  if (hasReminders(reminders)) await remindDue(services, run)
  if (expiryNotices !== null) await expireDue(services, run)
}

export const hasReminders = ({ after, before }: Services['settings']['reminders']): boolean => after.length + before.length > 0
