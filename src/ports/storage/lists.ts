// What storage can list: invites page by page, history, counts. Nothing here is decided on.
import type { EmailKey, PhoneKey } from '../../domain/address.ts'
import type { InviteEventType } from '../../domain/event.ts'
import type { InviteId, InviteRecord, InviteStatus } from '../../domain/invite.ts'
import type { DeliveryRow } from './outbox.ts'
import type { EventRow, MemberRow } from './rows.ts'

export interface InviteRef {
  readonly id: InviteId
  readonly organizationId: string
}

export type SortKey = 'createdAt' | 'expiresAt' | 'updatedAt'

export interface ListQuery {
  readonly organizationId: string
  readonly now: Date
  readonly status: readonly InviteStatus[] | null
  readonly role: string | null
  readonly email: EmailKey | null
  readonly phone: PhoneKey | null
  /** A part of an address or name, in any case; `%` and `_` are letters. */
  readonly q: string | null
  readonly inviterId: string | null
  readonly externalId: string | null
  readonly created: Range
  readonly expires: Range
  readonly sort: SortKey
  readonly descending: boolean
  readonly limit: number
  /** The sort value and id of the last row of the page before. */
  readonly after: { readonly value: Date | null; readonly id: InviteId } | null
}

/** From (inclusive) and to (exclusive). */
export interface Range {
  readonly from: Date | null
  readonly to: Date | null
}

export interface Lists<Tx> {
  /** Rows in total order (`sort`, then id), never by OFFSET. Nulls of `expiresAt` count as the latest time. */
  invites(query: ListQuery, tx?: Tx): Promise<readonly InviteRecord[]>
  /** How many rows the filters leave, counted up to `cap`. */
  total(query: ListQuery, cap: number, tx?: Tx): Promise<number>
  /** Live pending invites at these addresses, over all organizations. */
  mine(
    addresses: { readonly email: EmailKey | null; readonly phone: PhoneKey | null; readonly now: Date },
    tx?: Tx,
  ): Promise<readonly InviteRecord[]>
  /** Every invite that names this address, in any state and organization. */
  addressed(address: { readonly email: EmailKey } | { readonly phone: PhoneKey }, tx?: Tx): Promise<readonly InviteRef[]>
  deliveries(ids: readonly InviteId[], tx?: Tx): Promise<readonly DeliveryRow[]>
  /** Oldest first. */
  history(
    query: { readonly organizationId: string; readonly id: InviteId; readonly after: number | null; readonly limit: number },
    tx?: Tx,
  ): Promise<readonly (EventRow & { readonly sequence: number })[]>
  summary(query: { readonly organizationId: string; readonly now: Date; readonly since: Date }, tx?: Tx): Promise<Counts>
  members(
    query: { readonly organizationId: string; readonly limit: number; readonly after: string | null },
    tx?: Tx,
  ): Promise<readonly MemberRow[]>
  /** Pending invites past their time, oldest first: of all organizations, of one (`of`), or of all but a few (`except`). */
  due(
    now: Date,
    limit: number,
    where?: { readonly of?: string; readonly except?: readonly string[] },
  ): Promise<readonly InviteRef[]>
  /**
   * Stored as pending, past their time or not, with a reminder that is due: over all organizations, in the order of
   * `remindAt` and id, from after the last one.
   */
  remindable(
    now: Date,
    limit: number,
    after: { readonly remindAt: Date; readonly id: InviteId } | null,
  ): Promise<readonly InviteRecord[]>
}

export interface Counts {
  readonly statuses: Readonly<Record<InviteStatus, number>>
  readonly members: number
  readonly problems: number
  /** One row for each day (UTC, `yyyy-mm-dd`) that has any. */
  readonly days: readonly { readonly day: string; readonly type: InviteEventType; readonly count: number }[]
}
