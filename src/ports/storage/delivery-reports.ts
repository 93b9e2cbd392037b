// Reports: what providers tell of a message after it was handed over, written beside the organization's revision.
import type { DeliveryStatus, ReportStatus } from '../../domain/delivery.ts'
import type { InviteRecord } from '../../domain/invite.ts'
import type { DeliveryRow, Lease } from './outbox.ts'
import type { EventRow, MessageRow } from './rows.ts'

/** A delivery, its invite as it is now, and the mark of the address that it went to. */
export interface Reported {
  readonly delivery: DeliveryRow
  readonly addressHash: string | null
  readonly invite: InviteRecord
}

/** Everything that one report writes. */
export interface ReportChange {
  readonly id: string
  readonly organizationId: string
  /** The status that was decided on. */
  readonly from: DeliveryStatus
  readonly status: ReportStatus
  readonly failure: string | null
  readonly at: Date
  readonly events: readonly EventRow[]
  readonly messages: readonly MessageRow[]
  /** Marks that want no more messages from the organization. */
  readonly suppress: readonly string[]
}

export interface Reports {
  /** Null when there is no delivery of this id. */
  delivery(id: string): Promise<Reported | null>
  /**
   * Writes all of it if the delivery's status is still `from`; otherwise nothing, and answers false. A delivery that
   * waits or is held is settled by this: it is not sent again, and whoever holds it can settle it no more. The new
   * messages are held under `lease` from the start.
   */
  report(change: ReportChange, lease: Lease | null): Promise<boolean>
}
