// The relay without prefetch, to see what prefetch gains: it leases only as many messages as can start now.
import type { CreatePrefetch } from '../../src/relay/prefetch.ts'

/** Limiters are made when a target is first used: until then, what the first one may have in flight. */
const firstLimit = 5

export const leaseStartable: CreatePrefetch = (limiters, batch) => {
  const free = () => [...limiters.values()].reduce((sum, { size, maxInFlight }) => sum + Math.max(0, maxInFlight - size()), 0)
  return {
    slotFreed() {},
    limit: () => Math.min(batch, limiters.size === 0 ? firstLimit : Math.max(1, free())),
    leaseTook() {},
    fullTargets: () => [...limiters].filter(([, { size, maxInFlight }]) => size() >= maxInFlight).map(([target]) => target),
  }
}
