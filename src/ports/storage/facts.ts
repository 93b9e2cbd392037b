// What is asked of one organization for a decision, and the answer.
import type { EmailKey, PhoneKey } from '../../domain/address.ts'
import type { InviteId, InviteRecord, Use } from '../../domain/invite.ts'
import type { DailyCount, IdempotencyRecord, MemberFact } from '../../domain/state.ts'

/** What a decision needs to know of one organization. Empty lists ask for nothing. */
export interface FactsQuery {
  readonly organizationId: string
  /** Invites by id; with each come the pending ones that share an address with it, and its inviter as a member. */
  readonly ids: readonly InviteId[]
  /** Pending invites, and members, at these addresses. */
  readonly emails: readonly EmailKey[]
  readonly phones: readonly PhoneKey[]
  /** Members by user, and the uses that these users made of the invites in `ids`. */
  readonly users: readonly string[]
  /** Answers kept under these idempotency keys. */
  readonly idempotencyKeys: readonly string[]
  /** Which of these templates (UUIDs) there are: the organization's own and everybody's. */
  readonly templates: readonly string[]
  /** Count live pending invites up to this number; null: not counted, the answer is 0. */
  readonly pending: number | null
  /** Count members up to this number; null: not counted, the answer is 0. */
  readonly seats: number | null
  /** Count the invites and resends of these users since a day ago. */
  readonly inviters: readonly string[]
  /** Count the messages to these marks since a day ago, over all organizations. */
  readonly addressHashes: readonly string[]
  /** And to the marks that messages of these invites had. */
  readonly sentTo: readonly InviteId[]
  /** The time to judge by; null: the storage's own clock. */
  readonly now: Date | null
  /** False when members live in the host's own table: then none are read, and `seats` is 0. */
  readonly members: boolean
}

/** The answer, one snapshot: every part was true at `revision`. 0 is an organization never written to. */
export interface Facts {
  readonly revision: number
  readonly now: Date
  readonly pending: number
  readonly seats: number
  readonly invites: readonly InviteRecord[]
  readonly uses: readonly Use[]
  readonly members: readonly MemberFact[]
  readonly idempotency: readonly IdempotencyRecord[]
  /** The ids of those that there are. */
  readonly templates: readonly string[]
  readonly createdToday: ReadonlyMap<string, DailyCount>
  readonly sentToday: ReadonlyMap<string, DailyCount>
}
