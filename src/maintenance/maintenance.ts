// What a relay does besides delivering: it sees what has fallen due since it last looked, if the options ask for it.
import type { Kit } from '../commit/services.ts'
import { sweep } from './expire.ts'
import { remind } from './remind.ts'

/** Costs one indexed query for each of the two options that is on, and nothing where both are off. */
export async function upkeep<Tx>(kit: Kit<Tx>, isOver: () => boolean): Promise<void> {
  const { reminders, expiryNotices, relay } = kit.settings
  const run = { batch: relay.batch, unheld: true, isOver }
  if (reminds(reminders)) await remind(kit, run)
  if (expiryNotices !== null) await sweep(kit, run)
}

export const reminds = ({ after, before }: Kit['settings']['reminders']): boolean => after.length + before.length > 0
