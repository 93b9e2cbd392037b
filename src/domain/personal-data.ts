// Which fields of an invite are personal data, or may hold some: one table, used by `erase` and by what strangers are shown.
import { type InviteRecord, nobody } from './invite.ts'

/** A field of the record, in whatever kind and state has it. */
type Field = InviteRecord extends infer R ? (R extends unknown ? keyof R : never) : never
type ValueOf<F extends Field> = Extract<InviteRecord, { readonly [K in F]: unknown }>[F]

/**
 * `keep`: not personal. Otherwise `erased` is the value that replaces it once the invite is erased. Whoever only holds the
 * link, which may have been passed on, is `shown` the field, or sees the erased value (`hidden`), or a part of it (`masked`).
 */
type Privacy<Value> = 'keep' | { readonly erased: Value; readonly byLink: 'shown' | 'masked' | 'hidden' }

/** A field of the record that is missing here does not compile. */
export const personalData: { readonly [F in Field]: Privacy<ValueOf<F>> } = {
  id: 'keep',
  organizationId: 'keep',
  kind: 'keep',
  status: 'keep',
  role: 'keep',
  recipient: { erased: nobody, byLink: 'masked' },
  inviterId: 'keep',
  inviterRole: 'keep',
  inviterName: { erased: null, byLink: 'hidden' },
  inviteeId: 'keep',
  externalId: { erased: null, byLink: 'hidden' },
  templateId: 'keep',
  template: { erased: null, byLink: 'hidden' },
  metadata: { erased: {}, byLink: 'hidden' },
  extra: { erased: {}, byLink: 'hidden' },
  channels: 'keep',
  linkPattern: 'keep',
  keyId: 'keep',
  generation: 'keep',
  codeHash: 'keep',
  maxUses: 'keep',
  useCount: 'keep',
  createdAt: 'keep',
  updatedAt: 'keep',
  expiresAt: 'keep',
  lifetime: 'keep',
  sentAt: 'keep',
  sendCount: 'keep',
  openedAt: 'keep',
  remindAt: 'keep',
  erasedAt: 'keep',
  acceptedAt: 'keep',
  acceptedBy: 'keep',
  declinedAt: 'keep',
  declineReason: { erased: null, byLink: 'shown' },
  revokedAt: 'keep',
  revokedBy: 'keep',
  revokeReason: { erased: null, byLink: 'shown' },
}

/** The invite with every personal field that it has replaced; ids, times and counts stay. */
export const withoutPersonalData = (invite: InviteRecord): InviteRecord => replaced(invite, () => true)

/** A record or a view of it without the fields that are hidden from whoever only holds the link. */
export const withoutHidden = <T extends object>(invite: T): T => replaced(invite, ({ byLink }) => byLink === 'hidden')

type Personal = Exclude<Privacy<unknown>, 'keep'>

function replaced<T extends object>(invite: T, isMeant: (privacy: Personal) => boolean): T {
  const values = Object.entries<Privacy<unknown>>(personalData).flatMap(([field, privacy]) =>
    privacy !== 'keep' && field in invite && isMeant(privacy) ? [[field, privacy.erased]] : [],
  )
  return { ...invite, ...Object.fromEntries(values) }
}
