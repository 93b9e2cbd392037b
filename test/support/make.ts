// Rows and changes for tests: valid as they come, unique where it matters, each field open to be set.
import { randomBytes } from 'node:crypto'
import { uuidv7 } from 'uuidv7'
import type { EmailKey, PhoneKey } from '../../src/domain/address.ts'
import type { InviteEventType } from '../../src/domain/event.ts'
import {
  type InviteFields,
  type InviteId,
  type InviteRecord,
  nobody,
  type RecipientRecord,
  type StatusFields,
} from '../../src/domain/invite.ts'
import type { IdempotencyRecord, MemberFact } from '../../src/domain/state.ts'
import type { Changes } from '../../src/ports/storage/changes.ts'
import type { FactsQuery } from '../../src/ports/storage/facts.ts'
import type { ListQuery } from '../../src/ports/storage/lists.ts'
import type { EventRow, MemberRow, MessageRow } from '../../src/ports/storage/rows.ts'

/** The time of every test that does not say another. Past by every machine's clock, so that what is made is due. */
export const noon = new Date('2024-05-06T12:00:00.123Z')
export const day = 86_400_000
/** So many milliseconds after noon. */
export const at = (ms: number): Date => new Date(noon.getTime() + ms)

export const unique = (word: string): string => `${word}-${randomBytes(6).toString('hex')}`
/** An organization that no other test, process or run has. */
export const organization = (): string => unique('org')
export const inviteId = (): InviteId => uuidv7() as InviteId

export const emailKey = (text = `${unique('ada')}@example.com`): EmailKey => text as EmailKey
export const phoneKey = (text = `+1${Number.parseInt(randomBytes(5).toString('hex'), 16)}`): PhoneKey => text as PhoneKey

export const byEmail = (key: EmailKey = emailKey()): RecipientRecord => ({ ...nobody, email: key, emailKey: key })
export const byPhone = (key: PhoneKey = phoneKey()): RecipientRecord => ({ ...nobody, phone: key, phoneKey: key })

const terms = (organizationId: string): InviteFields => ({
  id: inviteId(),
  organizationId,
  role: 'member',
  inviterId: null,
  inviterRole: null,
  inviterName: null,
  inviteeId: uuidv7(),
  externalId: null,
  templateId: null,
  template: null,
  metadata: {},
  extra: {},
  channels: ['email'],
  linkPattern: null,
  keyId: 'a1b2c3d4e5f6',
  generation: 1,
  codeHash: null,
  useCount: 0,
  createdAt: noon,
  updatedAt: noon,
  expiresAt: at(7 * day),
  lifetime: 7 * day,
  sentAt: null,
  sendCount: 0,
  openedAt: null,
  remindAt: null,
  erasedAt: null,
})

export type Fields = Partial<InviteFields> & { readonly recipient?: RecipientRecord; readonly standing?: StatusFields }

/** A pending invite to an address of its own. */
export const personal = (
  organizationId: string,
  { recipient = byEmail(), standing, ...fields }: Fields = {},
): InviteRecord => ({
  ...terms(organizationId),
  ...fields,
  kind: 'personal',
  recipient,
  ...(standing ?? { status: 'pending' }),
})

/** A pending invite for whoever holds the link. */
export const open = (
  organizationId: string,
  { standing, ...fields }: Omit<Fields, 'recipient'> & { readonly maxUses?: number | null } = {},
): InviteRecord => ({
  ...terms(organizationId),
  kind: 'open',
  maxUses: null,
  ...fields,
  ...(standing ?? { status: 'pending' }),
})

export const fact = (userId: string, fields: Partial<MemberFact> = {}): MemberFact => ({
  userId,
  role: 'member',
  emailKey: null,
  phoneKey: null,
  removed: false,
  ...fields,
})
export const member = (userId: string, fields: Partial<MemberRow> = {}): MemberRow => ({ ...fact(userId), at: noon, ...fields })

export const kept = (key: string, fields: Partial<IdempotencyRecord> = {}): IdempotencyRecord => ({
  key,
  input: 'digest',
  answer: { ok: true },
  at: noon,
  ...fields,
})

export const event = (
  invite: InviteRecord,
  type: InviteEventType = 'invite.created',
  fields: Partial<EventRow> = {},
): EventRow => ({
  id: uuidv7(),
  organizationId: invite.organizationId,
  inviteId: invite.id,
  type,
  at: noon,
  actorId: null,
  previousStatus: null,
  data: { id: invite.id },
  ...fields,
})

/** A mail to hand over. */
export const delivery = (invite: InviteRecord, fields: Partial<MessageRow> = {}): MessageRow => ({
  id: uuidv7(),
  kind: 'delivery',
  target: 'email',
  organizationId: invite.organizationId,
  inviteId: invite.id,
  generation: invite.generation,
  reason: 'created',
  eventId: null,
  addressHash: null,
  createdAt: noon,
  ...fields,
})

/** The same event for one sink. */
export const publication = (row: EventRow, fields: Partial<MessageRow> = {}): MessageRow => ({
  id: uuidv7(),
  kind: 'event',
  target: 'webhook',
  organizationId: row.organizationId,
  inviteId: row.inviteId,
  generation: 1,
  reason: null,
  eventId: row.id,
  addressHash: null,
  createdAt: row.at,
  ...fields,
})

export const changes = (organizationId: string, revision: number, fields: Partial<Changes> = {}): Changes => ({
  organizationId,
  revision,
  ended: [],
  changed: [],
  made: [],
  uses: [],
  members: [],
  idempotency: [],
  expireBefore: null,
  events: [],
  messages: [],
  erased: [],
  lease: null,
  ...fields,
})

export const question = (organizationId: string, fields: Partial<FactsQuery> = {}): FactsQuery => ({
  organizationId,
  ids: [],
  emails: [],
  phones: [],
  users: [],
  idempotencyKeys: [],
  templates: [],
  pending: null,
  seats: null,
  inviters: [],
  addressHashes: [],
  sentTo: [],
  now: noon,
  members: true,
  ...fields,
})

export const listQuery = (organizationId: string, fields: Partial<ListQuery> = {}): ListQuery => ({
  organizationId,
  now: noon,
  status: null,
  role: null,
  email: null,
  phone: null,
  q: null,
  inviterId: null,
  externalId: null,
  created: { from: null, to: null },
  expires: { from: null, to: null },
  sort: 'createdAt',
  descending: false,
  limit: 200,
  after: null,
  ...fields,
})

/** The row with something changed; the union of states makes a plain spread too wide for the compiler. */
export const changed = (invite: InviteRecord, fields: Partial<InviteFields>): InviteRecord => ({ ...invite, ...fields })

/** The same invite in another state. */
export function ended(invite: InviteRecord, standing: StatusFields, fields: Partial<InviteFields> = {}): InviteRecord {
  const { status, ...rest } = invite
  return { ...rest, ...fields, ...standing } as InviteRecord
}
