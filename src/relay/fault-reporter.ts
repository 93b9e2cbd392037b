// Reports to the host which messages do not leave: errors that no transport of ours expects, the first failure of an outage,
// and messages that are given up.

import type { OnError } from '../api/options.ts'
import type { Leased } from '../ports/storage/outbox.ts'
import { isMessageError } from '../text/message-error.ts'
import { failureOf, isExpected } from './failure.ts'

/** A transport or sink that fails now and then is reported no more often. */
const reportPauseMs = 60_000

export function createFaultReporter(onError: OnError, now: () => Date) {
  const down = new Set<string>()
  const reportedAt = new Map<string, number>()

  function isNewOutage(target: string): boolean {
    const at = now().getTime()
    if (down.has(target) || at - (reportedAt.get(target) ?? Number.NEGATIVE_INFINITY) < reportPauseMs) return false
    down.add(target)
    reportedAt.set(target, at)
    return true
  }

  return {
    /** The target works: its next failure is a new outage. */
    recovered: (target: string): void => void down.delete(target),

    failed({ id, kind, target, attempts }: Leased, error: unknown, isLast: boolean): void {
      if (!isLast && isExpected(error) && (isMessageError(error) || !isNewOutage(target))) return
      const isDelivery = kind === 'delivery'
      // Of an expected failure the host reads the words that are stored: the error's own message may be the provider's.
      const reported = isDelivery && isExpected(error) ? new Error(failureOf(error)) : error
      const end = isLast && isDelivery ? `, given up (delivery ${id})` : ''
      onError(reported, { where: `${target}, try ${attempts}${end}` })
    },
  }
}
