// The same four calls by hand, whatever the database: what they are given, and what they write into the history.

export interface Given {
  readonly organizationId: string
  readonly email: string
  readonly inviterId: string
}

export interface Accepting {
  readonly id: string
  readonly userId: string
  readonly email: string
}

/** The same answers as ours: the invite that was made or accepted, a page with the deliveries of each; times as `Date`. Each throws when the limit is reached. */
export interface ByHand {
  create(given: Given, limit: number): Promise<unknown>
  bulk(all: readonly Given[], limit: number): Promise<void>
  accept(accepting: Accepting, limit: number): Promise<unknown>
  page(organizationId: string, limit: number): Promise<readonly unknown[]>
}

export const lifetime = 7 * 86_400_000

/** The invite as callers see it and as history keeps it. */
export function inviteOf(id: string, { organizationId, email, inviterId }: Given) {
  const now = new Date()
  return {
    id,
    organizationId,
    role: 'member',
    inviterId,
    inviterRole: 'owner',
    inviteeId: id,
    externalId: null,
    templateId: null,
    metadata: {},
    channels: [],
    useCount: 0,
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + lifetime),
    sentAt: null,
    sendCount: 0,
    openedAt: null,
    deliveries: [],
    kind: 'personal',
    recipient: { email, phone: null, fullName: null, firstName: null, lastName: null, locale: null },
    status: 'pending',
  }
}

type Time = string | number | null

interface Times {
  status: string
  created_at: Time | Date
  updated_at: Time | Date
  expires_at: Time | Date
  sent_at: Time | Date
  opened_at: Time | Date
  accepted_at: Time | Date
}

/** A row of a page as it goes to the caller, in place: its times, and a status that is true now. */
export function shown<T extends Times>(row: T, now: Date): T {
  row.created_at = new Date(row.created_at ?? 0)
  row.updated_at = new Date(row.updated_at ?? 0)
  row.expires_at = row.expires_at === null ? null : new Date(row.expires_at)
  row.sent_at = row.sent_at === null ? null : new Date(row.sent_at)
  row.opened_at = row.opened_at === null ? null : new Date(row.opened_at)
  row.accepted_at = row.accepted_at === null ? null : new Date(row.accepted_at)
  if (row.status === 'pending' && row.expires_at !== null && row.expires_at <= now) row.status = 'expired'
  return row
}

/** The times of a delivery. */
export function shownDelivery<T extends Pick<Times, 'created_at' | 'updated_at' | 'sent_at'>>(row: T): T {
  row.created_at = new Date(row.created_at ?? 0)
  row.updated_at = new Date(row.updated_at ?? 0)
  row.sent_at = row.sent_at === null ? null : new Date(row.sent_at)
  return row
}
