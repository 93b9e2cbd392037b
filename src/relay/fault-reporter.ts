// What the host is told of messages that do not leave: faults that nobody expected, each outage once, and what is given up.

import type { OnError } from '../api/options.ts'
import type { Leased } from '../ports/storage/outbox.ts'
import { isMessageError } from '../text/message-error.ts'
import { failureOf, isExpected } from './failure.ts'

/** Milliseconds: a transport or sink that works now and then is told of no more often. */
const quietMs = 60_000

export function createFaultReporter(onError: OnError, now: () => Date) {
  const down = new Set<string>()
  const toldAt = new Map<string, number>()

  function isNews(target: string): boolean {
    const at = now().getTime()
    if (down.has(target) || at - (toldAt.get(target) ?? Number.NEGATIVE_INFINITY) < quietMs) return false
    down.add(target)
    toldAt.set(target, at)
    return true
  }

  return {
    /** Its next failure is news. */
    works: (target: string): void => void down.delete(target),

    failed({ id, kind, target, attempts }: Leased, error: unknown, isLast: boolean): void {
      if (!isLast && isExpected(error) && (isMessageError(error) || !isNews(target))) return
      const isDelivery = kind === 'delivery'
      // Of what a transport expects the host reads the words that are stored: its own message may be the provider's.
      const told = isDelivery && isExpected(error) ? new Error(failureOf(error)) : error
      const end = isLast && isDelivery ? `, given up (delivery ${id})` : ''
      onError(told, { where: `${target}, try ${attempts}${end}` })
    },
  }
}
