// The status of a delivery, and how a provider's report changes it.

export type DeliveryStatus = 'queued' | 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed' | 'suppressed'

/** The statuses that a provider can report. */
export type ReportStatus = 'sent' | 'delivered' | 'bounced' | 'complained' | 'failed'

/**
 * A report only moves a delivery to a higher rank, so that late, repeated and reordered reports lead to the same status:
 * complained wins over bounced, bounced over delivered, and delivered over the failure that a relay noted on a timeout.
 */
const rank: Readonly<Record<DeliveryStatus, number>> = {
  queued: 0,
  sent: 1,
  suppressed: 2,
  failed: 2,
  delivered: 3,
  bounced: 4,
  complained: 5,
}

/** What a provider reported of one message. */
export interface ProviderReport {
  readonly status: ReportStatus
  /** Of a bounce: false when the address may work again, as with a full mailbox. */
  readonly permanent: boolean
}

/** The status after a report; null when it changes nothing. A bounce that is not permanent counts as `failed`. */
export function afterReport(now: DeliveryStatus, { status, permanent }: ProviderReport): ReportStatus | null {
  const next = status === 'bounced' && !permanent ? 'failed' : status
  return rank[next] > rank[now] ? next : null
}

/** Whether the recipient was not reached: then there is an `invite.delivery_failed`, and the summary counts it. */
export const isProblem = (status: DeliveryStatus): boolean =>
  status === 'failed' || status === 'bounced' || status === 'complained'
