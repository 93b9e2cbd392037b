// Storage port: providers' reports on sent messages. They do not change the organization's revision. For authors of a storage.
import type { DeliveryStatus, ReportStatus } from '../../domain/delivery.ts'
import type { InviteRecord } from '../../domain/invite.ts'
import type { DeliveryRow, Lease } from './outbox.ts'
import type { EventRow, MessageRow } from './rows.ts'

/** A delivery, its invite as it is now, and the hash of the address that it went to. For authors of a storage. */
export interface Reported {
  readonly delivery: DeliveryRow
  readonly addressHash: string | null
  readonly invite: InviteRecord
}

/** Everything that one report writes. For authors of a storage. */
export interface ReportChange {
  readonly id: string
  readonly organizationId: string
  /** The delivery's status when the report was decided on. */
  readonly from: DeliveryStatus
  readonly status: ReportStatus
  readonly failure: string | null
  readonly at: Date
  readonly events: readonly EventRow[]
  readonly messages: readonly MessageRow[]
  /** Address hashes to suppress for the organization. */
  readonly suppress: readonly string[]
}

/** Delivery reports. For authors of a storage. */
export interface Reports {
  /** The delivery with its invite, read in one snapshot; null when there is none of this id. */
  delivery(id: string): Promise<Reported | null>
  /**
   * Writes all of it in one transaction if the delivery's status is still `from`; otherwise writes nothing and returns false.
   * A delivery that is queued or leased is settled by this: it is not sent again, and the holder of its lease can no longer
   * settle it. The new messages start under `lease`.
   */
  report(change: ReportChange, lease: Lease | null): Promise<boolean>
}
