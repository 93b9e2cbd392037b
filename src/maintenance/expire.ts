// Writing down what has expired: oldest first, an organization at a time and in small commits, through the one path.

import type { Services } from '../commit/services.ts'
import { unlimited } from '../options/numbers.ts'
import { nowOf } from '../options/settings.ts'
import type { InviteRef } from '../ports/storage/lists.ts'

/** How a run over what is due goes about it. */
export interface Run {
  readonly batch: number
  /** Leaves what is to be delivered to the relay that runs it. */
  readonly deferDelivery?: boolean
  readonly isOver?: () => boolean
}

/** Rows of one commit: whoever else writes in that organization waits no longer than for those. */
export const maxRows = 100
/** Where more organizations fail than these, it is not their own fault. */
const maxFailures = 10

/**
 * How many invites were marked. Nothing else depends on it: a read knows an expired invite by the clock.
 * An organization that fails is told of and passed over: it holds up no other.
 */
export async function expireDue<Tx>(
  services: Services<Tx>,
  { batch, deferDelivery = false, isOver = () => false }: Run,
): Promise<number> {
  const { storage, onError } = services.settings
  const except: string[] = []
  let expired = 0
  while (!isOver()) {
    const before = { expired, failed: except.length }
    const now = nowOf(services.settings)
    const due = await storage.lists.due(now, batch, { except })
    for (const [organizationId, found] of byOrganization(due)) {
      if (isOver()) break
      // Many organizations have few of the oldest each. Whoever is written to gives what else it has.
      const isAll = due.length < batch || found.length >= maxRows
      try {
        const all = isAll ? found : await storage.lists.due(now, maxRows, { of: organizationId })
        for (let from = 0; from < all.length; from += maxRows)
          expired += await expire(services, { organizationId, found: all.slice(from, from + maxRows), deferDelivery })
      } catch (error) {
        except.push(organizationId)
        if (except.length > maxFailures) throw error
        onError(error, { where: 'sweep' })
        // Is it that organization alone? The next question tells.
        break
      }
    }
    const isStuck = due.length < batch || expired === before.expired
    if (isStuck && except.length === before.failed) break
  }
  return expired
}

interface Due {
  readonly organizationId: string
  readonly found: readonly InviteRef[]
  readonly deferDelivery: boolean
}

async function expire<Tx>({ transact }: Services<Tx>, { organizationId, found, deferDelivery }: Due): Promise<number> {
  const commands = found.map(({ id }) => ({ type: 'expire', id, actor: 'system' }) as const)
  const { results } = await transact({ organizationId, commands, limits: unlimited, tx: undefined, deferDelivery })
  return results.filter(({ decision }) => decision.ok && decision.events.length > 0).length
}

export function byOrganization<T extends Pick<InviteRef, 'organizationId'>>(due: readonly T[]): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const found of due) {
    const group = groups.get(found.organizationId)
    group ? group.push(found) : groups.set(found.organizationId, [found])
  }
  return groups
}
