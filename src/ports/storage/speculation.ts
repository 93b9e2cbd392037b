// Storage port: speculative commits, which assume instead of reading first. For storages where a read is a round trip.
import type { InviteId, InviteRecord, Use } from '../../domain/invite.ts'
import type { MemberFact } from '../../domain/state.ts'
import type { Changes, Committed } from './changes.ts'
import type { FactsQuery } from './facts.ts'

/** What decisions assumed. The statement that writes must verify all of it. For authors of a storage. */
export interface Assumptions {
  /**
   * The query that was not made. Assumed: no pending invite, member or idempotency record for any address and key in it, and
   * every template exists. Its `now` is assumed as well.
   */
  readonly query: FactsQuery
  /** Assumed upper bounds: pending invites, members, and the daily counts of each inviter and each address hash. */
  readonly atMost: {
    readonly pending: number
    readonly seats: number
    readonly createdToday: number
    readonly sentToday: number
  }
  /** The rows that were read before must still have these versions. */
  readonly versions: readonly RowVersion[]
  /** The storage's clock must not have reached this time, when the first of the invites read before expires. */
  readonly until: Date | null
}

/** The version of a row, which differs after every change of it; null: there is no such row. For authors of a storage. */
export type RowVersion =
  | { readonly of: 'invite'; readonly id: InviteId; readonly version: string }
  | { readonly of: 'member'; readonly userId: string; readonly version: string | null }
  | { readonly of: 'use'; readonly id: InviteId; readonly userId: string; readonly version: string | null }

/** An invite with the members and uses that matter for it, read at no particular revision. For authors of a storage. */
export interface InviteSnapshot {
  readonly invite: InviteRecord
  readonly uses: readonly Use[]
  readonly members: readonly MemberFact[]
  readonly versions: readonly RowVersion[]
}

/** Optional: a storage without it reads before every commit. For authors of a storage. */
export interface Speculation {
  /**
   * An estimate of the storage's clock, without a query: never ahead, and behind by no more than one response time. Null when
   * there was no recent response to estimate it from.
   */
  now(): Date | null
  /** The invite in whatever organization, its inviter and this user as members, and the user's use of it; with versions. */
  findWithVersions(id: InviteId, userId: string | null): Promise<InviteSnapshot | null>
  /**
   * Writes all of it if the assumptions hold, whatever the revision is, and otherwise nothing: then it returns `conflict`, as
   * it may while others write to the organization. `changes.erased` is empty. Encodes the rows at once, and sends them when
   * `after`, which never rejects, has settled.
   */
  commit(changes: Changes, assumptions: Assumptions, after?: Promise<unknown>): Promise<Committed>
}
