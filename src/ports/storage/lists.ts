// Storage port: lists, history and counts. No decision depends on them. For authors of a storage.
import type { EmailKey, PhoneKey } from '../../domain/address.ts'
import type { InviteEventType } from '../../domain/event.ts'
import type { InviteId, InviteRecord, InviteStatus } from '../../domain/invite.ts'
import type { DeliveryRow } from './outbox.ts'
import type { EventRow, MemberRow } from './rows.ts'

/** An invite's id and organization. For authors of a storage. */
export interface InviteRef {
  readonly id: InviteId
  readonly organizationId: string
}

/** For authors of a storage. */
export type SortKey = 'createdAt' | 'expiresAt' | 'updatedAt'

/** A page of `Lists.invites`: filters (null: any), sort and position. For authors of a storage. */
export interface ListQuery {
  readonly organizationId: string
  readonly now: Date
  readonly status: readonly InviteStatus[] | null
  readonly role: string | null
  readonly email: EmailKey | null
  readonly phone: PhoneKey | null
  /** A part of an address or name, ignoring case; `%` and `_` have no special meaning. */
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

/** A range of time, from (inclusive) to (exclusive); null is open. For authors of a storage. */
export interface Range {
  readonly from: Date | null
  readonly to: Date | null
}

/** Each method is one read in one snapshot. `tx` reads inside the host's transaction. For authors of a storage. */
export interface Lists<Tx> {
  /** Rows ordered by `sort`, then id, from behind `after`; never by OFFSET. A null `expiresAt` sorts as the latest time. */
  invites(query: ListQuery, tx?: Tx): Promise<readonly InviteRecord[]>
  /** How many rows match the filters, counted up to `cap`. */
  total(query: ListQuery, cap: number, tx?: Tx): Promise<number>
  /** Pending, unexpired invites to these addresses, in all organizations. */
  mine(
    addresses: { readonly email: EmailKey | null; readonly phone: PhoneKey | null; readonly now: Date },
    tx?: Tx,
  ): Promise<readonly InviteRecord[]>
  /** Every invite to this address, in any status and organization. */
  addressed(address: { readonly email: EmailKey } | { readonly phone: PhoneKey }, tx?: Tx): Promise<readonly InviteRef[]>
  /** The deliveries of these invites, oldest first. */
  deliveries(ids: readonly InviteId[], tx?: Tx): Promise<readonly DeliveryRow[]>
  /** The events of one invite by ascending `sequence`, from behind `after`. */
  history(
    query: { readonly organizationId: string; readonly id: InviteId; readonly after: number | null; readonly limit: number },
    tx?: Tx,
  ): Promise<readonly (EventRow & { readonly sequence: number })[]>
  /** The counts of one organization. `days` begin at `since`. */
  summary(query: { readonly organizationId: string; readonly now: Date; readonly since: Date }, tx?: Tx): Promise<Counts>
  /** Current built-in members by ascending user id, from behind `after`. */
  members(
    query: { readonly organizationId: string; readonly limit: number; readonly after: string | null },
    tx?: Tx,
  ): Promise<readonly MemberRow[]>
  /** Invites stored as pending but past `expiresAt`, oldest first: of all organizations, of one (`of`), or all except some. */
  due(
    now: Date,
    limit: number,
    where?: { readonly of?: string; readonly except?: readonly string[] },
  ): Promise<readonly InviteRef[]>
  /**
   * Invites stored as pending, expired or not, with a reminder that is due: of all organizations, ordered by `remindAt` and
   * id, from behind `after`.
   */
  remindable(
    now: Date,
    limit: number,
    after: { readonly remindAt: Date; readonly id: InviteId } | null,
  ): Promise<readonly InviteRecord[]>
}

/** The counts of `summary`. For authors of a storage. */
export interface Counts {
  readonly statuses: Readonly<Record<InviteStatus, number>>
  readonly members: number
  readonly problems: number
  /** One row for each day (UTC, `yyyy-mm-dd`) that has any. */
  readonly days: readonly { readonly day: string; readonly type: InviteEventType; readonly count: number }[]
}
