// Reports move a delivery forward: the order, by hand, and that the end does not depend on who comes first.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterReport, type DeliveryStatus, isProblem, type ReportStatus } from '../../src/domain/delivery.ts'

const none = null

/** Row: the status now. Column: what is reported. */
const table: Readonly<Record<DeliveryStatus, Readonly<Record<ReportStatus, ReportStatus | null>>>> = {
  queued: { sent: 'sent', failed: 'failed', delivered: 'delivered', bounced: 'bounced', complained: 'complained' },
  sent: { sent: none, failed: 'failed', delivered: 'delivered', bounced: 'bounced', complained: 'complained' },
  suppressed: { sent: none, failed: none, delivered: 'delivered', bounced: 'bounced', complained: 'complained' },
  failed: { sent: none, failed: none, delivered: 'delivered', bounced: 'bounced', complained: 'complained' },
  delivered: { sent: none, failed: none, delivered: none, bounced: 'bounced', complained: 'complained' },
  bounced: { sent: none, failed: none, delivered: none, bounced: none, complained: 'complained' },
  complained: { sent: none, failed: none, delivered: none, bounced: none, complained: none },
}

const cells = Object.entries(table).flatMap(([now, row]) =>
  Object.entries(row).map(([told, next]) => [now, told, next] as const),
)

describe('a report', () => {
  test.each(cells)('of a %s delivery as %s makes it %s', (now, told, next) => {
    expect(afterReport(now as DeliveryStatus, { status: told as ReportStatus, permanent: true })).toBe(next)
  })

  test('of an arrival or a complaint asks nobody whether it is permanent', () => {
    for (const status of ['delivered', 'complained'] as const) {
      expect(afterReport('sent', { status, permanent: false })).toBe(status)
    }
  })

  test('of a bounce that may pass is a failure of this message, and hides no arrival', () => {
    const soft = { status: 'bounced', permanent: false } as const
    expect([afterReport('sent', soft), afterReport('delivered', soft), afterReport('failed', soft)]).toEqual([
      'failed',
      null,
      null,
    ])
  })

  test('comes in any order, late and twice, and the end is the same', () => {
    const statuses = ['sent', 'failed', 'delivered', 'bounced', 'complained'] as const
    const told = fc.record({ status: fc.constantFrom(...statuses), permanent: fc.boolean() })
    const end = (reports: readonly { status: ReportStatus; permanent: boolean }[]) =>
      reports.reduce<DeliveryStatus>((now, report) => afterReport(now, report) ?? now, 'queued')
    fc.assert(
      fc.property(fc.array(told, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (reports, numbers) => {
        const shuffled = [...reports, ...reports]
          .map(report => ({ report, at: numbers.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ report }) => report)
        expect(end(shuffled)).toBe(end(reports))
      }),
    )
  })
})

test('problems are what did not reach its recipient', () => {
  expect((Object.keys(table) as DeliveryStatus[]).filter(isProblem)).toEqual(['failed', 'bounced', 'complained'])
})
