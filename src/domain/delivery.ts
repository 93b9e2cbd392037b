// The standing of a delivery: the order of its statuses, and what a provider's report makes of one.

export type DeliveryStatus = 'queued' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed' | 'suppressed'

/** What a provider can report. */
export type ReportStatus = 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed'

/**
 * A report only moves a delivery up. Reports come late, twice and in any order, and the end is the same: a complaint
 * outlasts a bounce, a bounce an arrival, and an arrival the word of a relay that gave up waiting for an answer.
 */
const order: Readonly<Record<DeliveryStatus, number>> = {
  queued: 0,
  sent: 1,
  suppressed: 2,
  failed: 2,
  delivered: 3,
  bounced: 4,
  complained: 5,
}

export interface Told {
  readonly status: ReportStatus
  /** Of a bounce: whether the address does not work at all. */
  readonly permanent: boolean
}

/** The status after a report; null when it says nothing new. A bounce that may pass is a failure of this message alone. */
export function afterReport(now: DeliveryStatus, { status, permanent }: Told): ReportStatus | null {
  const next = status === 'bounced' && !permanent ? 'failed' : status
  return order[next] > order[now] ? next : null
}

/** Whether the recipient was not reached: told by an event, and seen among the problems. */
export const isProblem = (status: DeliveryStatus): boolean =>
  status === 'failed' || status === 'bounced' || status === 'complained'
