// The host's own members, asked before a decision and written inside the accepting transaction.
import type { Invite } from './invite.ts'

type MaybePromise<T> = T | Promise<T>

export interface FoundMember {
  readonly userId: string
  readonly role: string
}

/** Any of these may name the member: a user, or one of the addresses. */
export interface MemberQuery {
  readonly organizationId: string
  readonly userId?: string | undefined
  /** Normalised: compare with a lower-case column. */
  readonly email?: string | undefined
  /** E.164. */
  readonly phone?: string | undefined
}

/**
 * The host's member table. `tx` is the storage's own transaction type: in `add` always the accepting transaction, in the
 * others the host's when the call joined one, and undefined otherwise. On SQLite every function is synchronous and gets
 * the connection.
 */
export interface MembersPort<Role extends string = string, Tx = unknown, Accepted = Tx> {
  /** Adds the member; what it throws undoes the acceptance. An `InviteError` keeps its code. */
  add(
    member: { organizationId: string; userId: string; role: Role; invite: Invite<Role>; extra: object },
    tx: Accepted,
  ): MaybePromise<void>
  /** How many seats are taken; asked only when `limits.seats` is set. */
  count(organizationId: string, tx: Tx | undefined): MaybePromise<number>
  /** The member that one of the given facts names, or null. */
  find(query: MemberQuery, tx: Tx | undefined): MaybePromise<FoundMember | null>
  /** The same for many at once, in the same order; without it `find` is called for each. */
  findMany?(queries: readonly MemberQuery[], tx: Tx | undefined): MaybePromise<readonly (FoundMember | null)[]>
  /** A page of members, for the members route and pages. */
  list?(
    query: { organizationId: string; limit: number; cursor?: string | undefined },
    tx: Tx | undefined,
  ): MaybePromise<{
    data: readonly (FoundMember & { email?: string | null; name?: string | null })[]
    nextCursor: string | null
  }>
}
