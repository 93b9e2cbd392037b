// Writing without reading the organization first, for storages where a read is a round trip.
import type { InviteId, InviteRecord, Use } from '../../domain/invite.ts'
import type { MemberFact } from '../../domain/state.ts'
import type { Changes, Committed } from './changes.ts'
import type { FactsQuery } from './facts.ts'

/** What decisions took for granted. */
export interface Assumptions {
  /** Asked by nobody: nothing stands at these addresses and keys, and each template is there. Its `now` is a guess too. */
  readonly query: FactsQuery
  /** At most so many: live pending invites, members, and for each inviter and address hash what they created and were sent today. */
  readonly atMost: {
    readonly pending: number
    readonly seats: number
    readonly createdToday: number
    readonly sentToday: number
  }
  /** Of the rows that were looked at before: they are still these. */
  readonly versions: readonly RowVersion[]
  /** It is earlier than this, by the storage's own clock: when the first of the invites that were looked at expires. */
  readonly until: Date | null
}

/** A row, or that there is none: `version` is another for each later state of it, and null where it is missing. */
export type RowVersion =
  | { readonly of: 'invite'; readonly id: InviteId; readonly version: string }
  | { readonly of: 'member'; readonly userId: string; readonly version: string | null }
  | { readonly of: 'use'; readonly id: InviteId; readonly userId: string; readonly version: string | null }

/** An invite and who matters for the answer to it, outside of the organization's line: true once, and not at any revision. */
export interface InviteSnapshot {
  readonly invite: InviteRecord
  readonly uses: readonly Use[]
  readonly members: readonly MemberFact[]
  readonly versions: readonly RowVersion[]
}

export interface Speculation {
  /**
   * The storage's clock without asking for it: not ahead, and behind by no more than an answer takes; null when it was
   * not heard of lately.
   */
  now(): Date | null
  /** The invite wherever it is, its inviter and this user as members, and the user's use of it. */
  findWithVersions(id: InviteId, userId: string | null): Promise<InviteSnapshot | null>
  /**
   * Writes all of it at whatever revision there is, if the guess holds, by the clock as well; otherwise nothing, and
   * answers `conflict`, as it may also do where others write. Nothing is erased by it. The rows are encoded now, and sent
   * when `after`, which never rejects, has settled.
   */
  commit(changes: Changes, guess: Assumptions, after?: Promise<unknown>): Promise<Committed>
}
