// An invite as a row: which column holds which field of its union of kinds and statuses, and the record read from a row.
import type { InviteRecord, RecipientRecord } from '../../../src/core.ts'
import { some, toTime } from './codec.ts'
import type { Columns, Dialect, RawRow, Tuple } from './dialect.ts'
import { type Fields, fieldOf } from './fields.ts'
import { columnsOf, type Row } from './tables.ts'

/** What every invite has. */
type CommonField = Exclude<keyof InviteRecord, 'kind' | 'status'>
/** What a column holds that only some invites have. */
type PartialField = Exclude<keyof Fields<'invites'>, keyof InviteRecord | 'search'>
type StatusWith<F, I = InviteRecord> = I extends { readonly status: infer S } ? (F extends keyof I ? S : never) : never
type PartWith<F> = F extends keyof RecipientRecord ? 'recipient' : F extends 'maxUses' ? 'open' : StatusWith<F>

/** Where those fields are: in the recipient of a personal invite, in an open one, or in one of this status. */
const partOf: { readonly [F in PartialField]: PartWith<F> } = {
  email: 'recipient',
  emailKey: 'recipient',
  phone: 'recipient',
  phoneKey: 'recipient',
  fullName: 'recipient',
  firstName: 'recipient',
  lastName: 'recipient',
  locale: 'recipient',
  maxUses: 'open',
  acceptedAt: 'accepted',
  acceptedBy: 'accepted',
  declinedAt: 'declined',
  declineReason: 'declined',
  revokedAt: 'revoked',
  revokedBy: 'revoked',
  revokeReason: 'revoked',
}

/** How the value of a column is taken from an invite. Null where the invite has no such field. */
export function inviteValue(column: string): (invite: InviteRecord) => unknown {
  if (column === 'search') return searchOf
  const field = fieldOf('invites', column)
  const part = (partOf as Readonly<Record<string, string>>)[field]
  if (part === undefined) return invite => invite[field as CommonField]
  if (part === 'recipient') return invite => (invite.kind === 'personal' ? invite.recipient[field as 'email'] : null)
  return invite => (invite.status === part || invite.kind === part ? (invite as unknown as RawRow)[field] : null)
}

/** Every address and name in lower case. */
function searchOf(invite: InviteRecord): string {
  if (invite.kind === 'open') return ''
  const { email, emailKey, phone, phoneKey, fullName, firstName, lastName } = invite.recipient
  const texts = [email, emailKey, phone, phoneKey, fullName, firstName, lastName]
  return texts.flatMap(text => text?.toLowerCase() ?? []).join('\n')
}

type Column = Exclude<keyof Row<'invites'>, 'search'>

/** The columns that a record is read from, in order. */
const read = columnsOf('invites').flatMap(([column]) => (column === 'search' ? [] : [column])) as readonly Column[]

export const inviteColumns = (dialect: Dialect): Columns => some(dialect, 'invites', read)

const at = Object.fromEntries(read.map((column, place) => [column, place])) as Readonly<Record<Column, number>>

/** From a row by column name. */
export const toInvite = (row: RawRow, json?: Dialect['fromJson']): InviteRecord =>
  inviteOf(
    read.map(column => row[column]),
    json,
  )

/**
 * From a tuple of `inviteColumns`. A page reads thousands of values here. They are spelt out, since V8 takes four times as
 * long to set fields whose names it reads from a list. What depends on kind and status comes last, since it takes fifty
 * times as long to add to an object that was spread. `json` parses JSON where the driver has not.
 */
export const inviteOf = (values: Tuple, json: Dialect['fromJson'] = asItIs): InviteRecord =>
  ({
    id: values[at.id],
    organizationId: values[at.organization_id],
    role: values[at.role],
    inviterId: values[at.inviter_id],
    inviterRole: values[at.inviter_role],
    inviterName: values[at.inviter_name],
    inviteeId: values[at.invitee_id],
    externalId: values[at.external_id],
    templateId: values[at.template_id],
    template: json(values[at.template]),
    metadata: json(values[at.metadata]),
    extra: json(values[at.extra]),
    channels: json(values[at.channels]),
    linkPattern: values[at.link_pattern],
    keyId: values[at.key_id],
    generation: values[at.generation],
    codeHash: values[at.code_hash],
    useCount: values[at.use_count],
    createdAt: toTime(values[at.created_at]),
    updatedAt: toTime(values[at.updated_at]),
    expiresAt: toTime(values[at.expires_at]),
    lifetime: values[at.lifetime],
    sentAt: toTime(values[at.sent_at]),
    sendCount: values[at.send_count],
    openedAt: toTime(values[at.opened_at]),
    remindAt: toTime(values[at.remind_at]),
    erasedAt: toTime(values[at.erased_at]),
    ...kindOf(values),
    ...statusOf(values),
  }) satisfies Readonly<Record<CommonField, unknown>> as InviteRecord

const kindOf = (values: Tuple) =>
  values[at.kind] === 'open'
    ? { kind: 'open', maxUses: values[at.max_uses] }
    : { kind: 'personal', recipient: recipientOf(values) }

const recipientOf = (values: Tuple): Readonly<Record<keyof RecipientRecord, unknown>> => ({
  email: values[at.email],
  emailKey: values[at.email_key],
  phone: values[at.phone],
  phoneKey: values[at.phone_key],
  fullName: values[at.full_name],
  firstName: values[at.first_name],
  lastName: values[at.last_name],
  locale: values[at.locale],
})

function statusOf(values: Tuple) {
  const status = values[at.status]
  if (status === 'accepted') return { status, acceptedAt: toTime(values[at.accepted_at]), acceptedBy: values[at.accepted_by] }
  if (status === 'declined')
    return { status, declinedAt: toTime(values[at.declined_at]), declineReason: values[at.decline_reason] }
  if (status === 'revoked') {
    const [revokedBy, revokeReason] = [values[at.revoked_by], values[at.revoke_reason]]
    return { status, revokedAt: toTime(values[at.revoked_at]), revokedBy, revokeReason }
  }
  return { status }
}

const asItIs = (value: unknown): unknown => value
