// The host's own members, asked before a decision and written inside the accepting transaction.
import type { Duration } from '../domain/duration.ts'
import type { JsonObject } from '../domain/invite.ts'
import type { Invite } from './invite.ts'

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

type Nothing = ReturnType<() => void>
/** What is no promise: an async function does not fit. */
type Immediate = Nothing | null | string | number | boolean | bigint | (object & { readonly then?: never })

type Answer<T, Sync extends boolean> = [Sync] extends [true] ? T : T | Promise<T>

/** A member to be: who, where, as what, and the invite that was accepted with its private `extra`. */
export interface NewMember<Role extends string> {
  readonly organizationId: string
  readonly userId: string
  readonly role: Role
  readonly invite: Invite<Role>
  readonly extra: JsonObject
}

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
  /** The member that one of the given facts names, or null. */
  find(query: MemberQuery, tx: TxOf<Tx, Sync>): Answer<FoundMember | null, Sync>
  /** The same for many at once, in the same order; without it `find` is called for each. */
  findMany?(queries: readonly MemberQuery[], tx: TxOf<Tx, Sync>): Answer<readonly (FoundMember | null)[], Sync>
  /** A page of members, for the members route and pages. */
  list?(
    query: { readonly organizationId: string; readonly limit: number; readonly cursor?: string | undefined },
    tx: TxOf<Tx, Sync>,
  ): Answer<MemberPage, Sync>
  /**
   * How long a call waits for each of these functions; then it is `unavailable`, and an acceptance is undone. For those
   * that answer a promise. Default `'10s'`.
   */
  readonly timeout?: Duration | undefined
}

type TxOf<Tx, Sync extends boolean> = [Sync] extends [true] ? Tx : Tx | undefined
