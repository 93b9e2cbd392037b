// Stores invites as expired once their time is over: oldest first, one organization at a time and in small commits.

import type { Services } from '../commit/services.ts'
import { unlimited } from '../options/numbers.ts'
import { nowOf } from '../options/settings.ts'
import type { InviteRef } from '../ports/storage/lists.ts'

export interface Run {
  /** How many due invites are read at once. */
  readonly batch: number
  /** Leaves the messages to the relay. Default: this process delivers them as after any commit. */
  readonly deferDelivery?: boolean
  /** Whether to end early. Default: never. */
  readonly isOver?: () => boolean
}

/** Invites in one commit: others who write in that organization wait for no more than these. */
export const maxRows = 100
/** If more organizations fail, the fault is not theirs, and the run ends with it. */
const maxFailedOrganizations = 10

/**
 * Answers how many invites were stored as expired. Reads and limits do not need it: they compare the expiry with the clock.
 * An organization that fails is reported to `onError` and left out, so that it holds up no other.
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
      // The oldest may be of many organizations, a few of each: one commit then takes what else is due in its organization.
      const isWhole = due.length < batch || found.length >= maxRows
      try {
        const all = isWhole ? found : await storage.lists.due(now, maxRows, { of: organizationId })
        for (let from = 0; from < all.length; from += maxRows)
          expired += await expire(services, { organizationId, found: all.slice(from, from + maxRows), deferDelivery })
      } catch (error) {
        except.push(organizationId)
        if (except.length > maxFailedOrganizations) throw error
        onError(error, { where: 'sweep' })
        // Read anew without it: the other organizations may be fine.
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
