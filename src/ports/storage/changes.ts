// What a decision writes.
import type { InviteId, InviteRecord, Use } from '../../domain/invite.ts'
import type { IdempotencyRecord } from '../../domain/state.ts'
import type { Lease } from './outbox.ts'
import type { EventRow, MemberRow, MessageRow } from './rows.ts'

/** Everything that one commit writes. Each row appears once. */
export interface Changes {
  readonly organizationId: string
  /** The revision that the decisions were made on. A commit on a guess does not look at it. */
  readonly revision: number
  /** Known invites that leave `pending`: they give back their addresses before others take any. */
  readonly ended: readonly InviteRecord[]
  /** Every other known invite that is changed, in this order. */
  readonly changed: readonly InviteRecord[]
  /** New invites. */
  readonly made: readonly InviteRecord[]
  readonly uses: readonly Use[]
  readonly members: readonly MemberRow[]
  readonly idempotency: readonly IdempotencyRecord[]
  /** Answers of the organization that were kept before this go; null: none. */
  readonly expireBefore: Date | null
  readonly events: readonly EventRow[]
  readonly messages: readonly MessageRow[]
  /** Invites whose stored history details and waiting deliveries go with this commit. */
  readonly erased: readonly InviteId[]
  /** Who holds the new messages from the start, and for how long; null: they are free to be leased. */
  readonly lease: Lease | null
}

export type Committed = 'committed' | 'conflict'
