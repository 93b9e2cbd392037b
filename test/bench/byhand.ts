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

/** Each throws when the limit is reached. */
export interface ByHand {
  create(given: Given, limit: number): Promise<string>
  bulk(all: readonly Given[], limit: number): Promise<void>
  accept(accepting: Accepting, limit: number): Promise<unknown>
  page(organizationId: string, limit: number): Promise<readonly unknown[]>
}

export const lifetime = 7 * 86_400_000

/** The event as JSON text, with the fields that ours has. */
export function eventData(id: string, { organizationId, email, inviterId }: Given): string {
  const now = new Date()
  return JSON.stringify({
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
  })
}
