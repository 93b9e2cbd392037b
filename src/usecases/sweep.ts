// Writing down what has expired: batch by batch, organization by organization, through the one path.
import type { Found } from '../ports/lists.ts'
import type { Kit } from './kit.ts'

/** How many invites were marked. Nothing else depends on it: a read knows an expired invite by the clock. */
export async function sweep<Tx>(kit: Kit<Tx>, batch: number): Promise<number> {
  const { storage, limitsOf, clock } = kit.settings
  let expired = 0
  for (;;) {
    const before = expired
    const due = await storage.lists.due(clock?.() ?? new Date(), batch)
    for (const [organizationId, found] of byOrganization(due)) {
      const commands = found.map(({ id }) => ({ type: 'expire', id, doer: 'system' }) as const)
      const limits = await limitsOf(organizationId)
      const { done } = await kit.transact({ organizationId, commands, limits, tx: undefined })
      expired += done.filter(({ decision }) => decision.ok && decision.events.length > 0).length
    }
    if (due.length < batch || expired === before) return expired
  }
}

function byOrganization(due: readonly Found[]): ReadonlyMap<string, Found[]> {
  const groups = new Map<string, Found[]>()
  for (const found of due) {
    const group = groups.get(found.organizationId)
    group ? group.push(found) : groups.set(found.organizationId, [found])
  }
  return groups
}
