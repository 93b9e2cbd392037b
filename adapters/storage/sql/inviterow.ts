// An invite as a row: the union flattened into columns, and put together again from those that its state has.
import type { InviteRecord } from '../../../src/index.ts'
import type { Row } from './tables.ts'

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

/** What depends on kind and status comes last: V8 takes fifty times as long to add to an object that was spread. */
export const toInvite = (row: Row<'invites'>): InviteRecord =>
  ({
    id: row.id,
    organizationId: row.organization_id,
    role: row.role,
    inviterId: row.inviter_id,
    inviterRole: row.inviter_role,
    inviterName: row.inviter_name,
    inviteeId: row.invitee_id,
    externalId: row.external_id,
    templateId: row.template_id,
    template: row.template,
    metadata: row.metadata,
    extra: row.extra,
    channels: row.channels,
    linkPattern: row.link_pattern,
    keyId: row.key_id,
    generation: row.generation,
    codeHash: row.code_hash,
    useCount: row.use_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    lifetime: row.lifetime,
    sentAt: row.sent_at,
    sendCount: row.send_count,
    openedAt: row.opened_at,
    remindAt: row.remind_at,
    erasedAt: row.erased_at,
    ...kindOf(row),
    ...standingOf(row),
  }) as InviteRecord

const kindOf = (row: Row<'invites'>) =>
  row.kind === 'open' ? { kind: 'open', maxUses: row.max_uses } : { kind: 'personal', recipient: recipientOf(row) }

const recipientOf = (row: Row<'invites'>) => ({
  email: row.email,
  emailKey: row.email_key,
  phone: row.phone,
  phoneKey: row.phone_key,
  fullName: row.full_name,
  firstName: row.first_name,
  lastName: row.last_name,
  locale: row.locale,
})

function standingOf(row: Row<'invites'>) {
  const { status } = row
  if (status === 'accepted') return { status, acceptedAt: row.accepted_at, acceptedBy: row.accepted_by }
  if (status === 'declined') return { status, declinedAt: row.declined_at, declineReason: row.decline_reason }
  if (status === 'revoked')
    return { status, revokedAt: row.revoked_at, revokedBy: row.revoked_by, revokeReason: row.revoke_reason }
  return { status }
}
