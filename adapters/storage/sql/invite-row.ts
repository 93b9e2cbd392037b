// An invite as a row: the union flattened into columns, and put together again from those that its state has.
import type { InviteRecord } from '../../../src/core.ts'
import { toTime } from './codec.ts'
import type { Dialect, RawRow, Tuple } from './dialect.ts'
import { columnsOf, type Row } from './tables.ts'

export function fromInvite(invite: InviteRecord): Row<'invites'> {
  const to = invite.kind === 'personal' ? invite.recipient : null
  const texts = [to?.email, to?.emailKey, to?.phone, to?.phoneKey, to?.fullName, to?.firstName, to?.lastName]
  return {
    id: invite.id,
    organization_id: invite.organizationId,
    kind: invite.kind,
    status: invite.status,
    role: invite.role,
    inviter_id: invite.inviterId,
    inviter_role: invite.inviterRole,
    inviter_name: invite.inviterName,
    invitee_id: invite.inviteeId,
    external_id: invite.externalId,
    template_id: invite.templateId,
    template: invite.template,
    metadata: invite.metadata,
    extra: invite.extra,
    channels: invite.channels,
    link_pattern: invite.linkPattern,
    key_id: invite.keyId,
    generation: invite.generation,
    code_hash: invite.codeHash,
    max_uses: invite.kind === 'open' ? invite.maxUses : null,
    use_count: invite.useCount,
    email: to?.email ?? null,
    email_key: to?.emailKey ?? null,
    phone: to?.phone ?? null,
    phone_key: to?.phoneKey ?? null,
    full_name: to?.fullName ?? null,
    first_name: to?.firstName ?? null,
    last_name: to?.lastName ?? null,
    locale: to?.locale ?? null,
    search: texts.flatMap(text => text?.toLowerCase() ?? []).join('\n'),
    created_at: invite.createdAt,
    updated_at: invite.updatedAt,
    expires_at: invite.expiresAt,
    lifetime: invite.lifetime,
    sent_at: invite.sentAt,
    send_count: invite.sendCount,
    opened_at: invite.openedAt,
    remind_at: invite.remindAt,
    erased_at: invite.erasedAt,
    accepted_at: invite.status === 'accepted' ? invite.acceptedAt : null,
    accepted_by: invite.status === 'accepted' ? invite.acceptedBy : null,
    declined_at: invite.status === 'declined' ? invite.declinedAt : null,
    decline_reason: invite.status === 'declined' ? invite.declineReason : null,
    revoked_at: invite.status === 'revoked' ? invite.revokedAt : null,
    revoked_by: invite.status === 'revoked' ? invite.revokedBy : null,
    revoke_reason: invite.status === 'revoked' ? invite.revokeReason : null,
  }
}

/** What a record is read from, in order: every column but the one that is only searched. */
export const inviteColumns = columnsOf('invites').flatMap(([column]) =>
  column === 'search' ? [] : [column],
) as readonly Column[]
type Column = Exclude<keyof Row<'invites'>, 'search'>

const at = Object.fromEntries(inviteColumns.map((column, place) => [column, place])) as Readonly<Record<Column, number>>

/** From a row whose JSON was read already. */
export const toInvite = (row: RawRow | Row<'invites'>): InviteRecord => inviteOf(inviteColumns.map(column => row[column]))

/**
 * From a tuple. A page is read by this: values by their places, and what depends on kind and status last, for V8 takes
 * fifty times as long to add to an object that was spread. `json` reads JSON as it came.
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
    ...standingOf(values),
  }) as InviteRecord

const kindOf = (values: Tuple) =>
  values[at.kind] === 'open'
    ? { kind: 'open', maxUses: values[at.max_uses] }
    : { kind: 'personal', recipient: recipientOf(values) }

const recipientOf = (values: Tuple) => ({
  email: values[at.email],
  emailKey: values[at.email_key],
  phone: values[at.phone],
  phoneKey: values[at.phone_key],
  fullName: values[at.full_name],
  firstName: values[at.first_name],
  lastName: values[at.last_name],
  locale: values[at.locale],
})

function standingOf(values: Tuple) {
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
