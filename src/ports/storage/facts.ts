// Storage port: the query for what decisions need to know of one organization, and its answer. For authors of a storage.
import type { EmailKey, PhoneKey } from '../../domain/address.ts'
import type { InviteId, InviteRecord, Use } from '../../domain/invite.ts'
import type { DailyCount, IdempotencyRecord, MemberFact } from '../../domain/state.ts'

/** What decisions need to know of one organization. Empty lists ask for nothing. For authors of a storage. */
export interface FactsQuery {
  readonly organizationId: string
  /** Invites by id; with each come the pending ones that share an address with it, and its inviter as a member. */
  readonly ids: readonly InviteId[]
  /** Pending invites, and members, at these addresses. */
  readonly emails: readonly EmailKey[]
  readonly phones: readonly PhoneKey[]
  /** Members by user, and the uses that these users made of the invites in `ids`. */
  readonly users: readonly string[]
  /** The records stored for these idempotency keys. */
  readonly idempotencyKeys: readonly string[]
  /** Which of these templates (UUIDs) exist, among the organization's own and everybody's. */
  readonly templates: readonly string[]
  /** Count pending invites that are not expired, up to this number; null: do not count, the answer is 0. */
  readonly pending: number | null
  /** Count current members up to this number; null: do not count, the answer is 0. */
  readonly seats: number | null
  /** Count the invites and resends of these users in the last 24 hours. */
  readonly inviters: readonly string[]
  /** Count the messages to these address hashes in the last 24 hours, over all organizations. */
  readonly addressHashes: readonly string[]
  /** The same for the address hashes of the messages of these invites. */
  readonly sentTo: readonly InviteId[]
  /** The current time; null: use the storage's own clock. */
  readonly now: Date | null
  /** False when the host has its own member table: then no members are read, and `seats` is 0. */
  readonly members: boolean
}

/**
 * The answer, read in one snapshot: every part was true at `revision`, which is 0 for an organization never written to. For
 * authors of a storage.
 */
export interface Facts {
  readonly revision: number
  readonly now: Date
  readonly pending: number
  readonly seats: number
  readonly invites: readonly InviteRecord[]
  readonly uses: readonly Use[]
  readonly members: readonly MemberFact[]
  readonly idempotency: readonly IdempotencyRecord[]
  /** The ids of those that exist. */
  readonly templates: readonly string[]
  readonly createdToday: ReadonlyMap<string, DailyCount>
  readonly sentToday: ReadonlyMap<string, DailyCount>
}
