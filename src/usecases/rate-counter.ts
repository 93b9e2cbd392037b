// Counters in fixed windows of time, kept in storage: how often something was tried, in all processes together.
import type { Settings } from '../options/settings.ts'

interface Hit<Tx> {
  readonly by?: 1 | -1 | undefined
  /** The host's transaction, for a store with one connection. */
  readonly tx?: Tx | undefined
}

/** Adds one (or takes one back), and tells the new count and the whole seconds until the window is over. */
export async function incrementCounter<Tx>(
  { storage, clock }: Settings<Tx>,
  counter: string,
  windowMs: number,
  { by, tx }: Hit<Tx> = {},
) {
  const now = clock?.() ?? null
  const { count, resetsAt } = await storage.incrementCounter(counter, windowMs, now, by, tx)
  const left = Math.ceil((resetsAt.getTime() - (now ?? new Date()).getTime()) / 1000)
  // Where the database's clock and ours differ, it is still no less than a second and no more than the window.
  return { count, retryAfter: Math.min(Math.max(left, 1), Math.ceil(windowMs / 1000)) }
}
