// What one commit writes. For authors of a storage.
import type { InviteId, InviteRecord, Use } from '../../domain/invite.ts'
import type { IdempotencyRecord } from '../../domain/state.ts'
import type { Lease } from './outbox.ts'
import type { EventRow, MemberRow, MessageRow } from './rows.ts'

/** Everything that one commit writes. Each row appears once. For authors of a storage. */
export interface Changes {
  readonly organizationId: string
  /** The revision that the decisions were made on. A speculative commit ignores it. */
  readonly revision: number
  /** Stored invites that stop being pending. Write them first: they free addresses that others in this commit take. */
  readonly ended: readonly InviteRecord[]
  /** Every other stored invite that changes, to be written in this order. */
  readonly changed: readonly InviteRecord[]
  /** New invites, to be inserted last. */
  readonly made: readonly InviteRecord[]
  readonly uses: readonly Use[]
  readonly members: readonly MemberRow[]
  readonly idempotency: readonly IdempotencyRecord[]
  /** Delete the organization's idempotency records from before this time; null: delete none. */
  readonly expireBefore: Date | null
  readonly events: readonly EventRow[]
  readonly messages: readonly MessageRow[]
  /** Invites whose history details and unsent deliveries are deleted with this commit. */
  readonly erased: readonly InviteId[]
  /** The lease that the new messages start with; null: they are free to be leased. */
  readonly lease: Lease | null
}

/** `conflict`: nothing was written, because the revision (or an assumption) no longer holds. For authors of a storage. */
export type Committed = 'committed' | 'conflict'
