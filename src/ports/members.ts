// Port: the host's own member table. Read before a decision, written inside the accepting transaction.
import type { Duration } from '../domain/duration.ts'
import type { JsonObject } from '../domain/invite.ts'
import type { Invite } from './invite.ts'

/** A current member: their user id and role. */
export interface FoundMember {
  readonly userId: string
  readonly role: string
}

/** Whom to find: a member with this user id, or with one of these addresses. */
export interface MemberQuery {
  readonly organizationId: string
  readonly userId?: string | undefined
  /** Normalised: compare with a lower-case column. */
  readonly email?: string | undefined
  /** E.164. */
  readonly phone?: string | undefined
}

type Nothing = ReturnType<() => void>
/** Anything but a promise, so that an async function does not compile. */
type Immediate = Nothing | null | string | number | boolean | bigint | (object & { readonly then?: never })

type Answer<T, Sync extends boolean> = [Sync] extends [true] ? T : T | Promise<T>

/** The member to add, and the accepted invite with its private `extra`. */
export interface NewMember<Role extends string> {
  readonly organizationId: string
  readonly userId: string
  readonly role: Role
  readonly invite: Invite<Role>
  readonly extra: JsonObject
}

/** One page of `list`. `nextCursor` is null on the last page. */
export interface MemberPage {
  readonly data: readonly (FoundMember & { readonly email?: string | null; readonly name?: string | null })[]
  readonly nextCursor: string | null
}

/**
 * The host's member table. `tx` is the storage's own transaction type: in `add` always the accepting transaction, in the
 * others the host's when the call joined one, and undefined otherwise. On SQLite every function is synchronous and always
 * gets the connection.
 */
export interface MembersPort<Role extends string = string, Tx = unknown, Sync extends boolean = boolean> {
  /** Adds the member; what it throws undoes the acceptance. An `InviteError` keeps its code. */
  add(member: NewMember<Role>, tx: Tx): [Sync] extends [true] ? Immediate : unknown
  /** How many seats are taken; asked only when `limits.seats` is set. */
  count(organizationId: string, tx: TxOf<Tx, Sync>): Answer<number, Sync>
  /** The current member with this user id or one of these addresses, or null. */
  find(query: MemberQuery, tx: TxOf<Tx, Sync>): Answer<FoundMember | null, Sync>
  /** `find` for many at once; the answers are in the order of the queries. Without it `find` is called for each. */
  findMany?(queries: readonly MemberQuery[], tx: TxOf<Tx, Sync>): Answer<readonly (FoundMember | null)[], Sync>
  /** A page of members, for the members route and pages. */
  list?(
    query: { readonly organizationId: string; readonly limit: number; readonly cursor?: string | undefined },
    tx: TxOf<Tx, Sync>,
  ): Answer<MemberPage, Sync>
  /**
   * How long a call waits for the promise of each of these functions. After that the call fails as `unavailable`, and an
   * acceptance is rolled back. Default `'10s'`.
   */
  readonly timeout?: Duration | undefined
}

type TxOf<Tx, Sync extends boolean> = [Sync] extends [true] ? Tx : Tx | undefined
