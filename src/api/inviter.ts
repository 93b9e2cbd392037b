// The inviter's calls: create invites, and resend, revoke, change or erase them.
import type { Invite } from '../ports/invite.ts'
import type { Context } from './context.ts'
import type { BulkInput, CreateInput, ResendInput, RevokeInput, UpdateInput } from './inputs.ts'
import type { BulkAnswer, Created } from './results.ts'

/** `MetadataInput`: the input type of the `metadata` schema, where it differs from its output type. */
export interface InviterCalls<Role extends string, Tx, Metadata, MetadataInput> {
  /**
   * Invites one person, or creates an open link for anybody.
   *
   * ```ts
   * const { invite, link } = await invites.create({ recipient: { email: 'ada@example.com' }, role: 'member' }, { actor })
   * const open = await invites.create({ kind: 'open', role: 'viewer', maxUses: 20 }, { actor })
   * ```
   * Throws `already_invited` (with `existingId`), `already_member`, `role_not_grantable`, `forbidden`,
   * `pending_limit_reached`, `rate_limited`, `channel_unavailable`, `template_not_found`, `template_invalid`, `invalid_input`.
   */
  create(input: CreateInput<Role, MetadataInput>, context: Context<Tx>): Promise<Created<Role, Metadata>>
  /**
   * Invites many people in one commit. Each invite has its own outcome; members and addresses with a pending invite are
   * skipped.
   *
   * ```ts
   * const { results } = await invites.createMany({ invites: [{ recipient: { email } }], defaults: { role: 'member' } }, { actor })
   * ```
   * `dryRun` decides and answers, and writes nothing. Throws `bulk_too_large` above `limits.bulk`.
   */
  createMany(input: BulkInput<Role, MetadataInput>, context: Context<Tx>): Promise<BulkAnswer<Role, Metadata>>
  /**
   * Sends the invite again, with the same link unless `rotate`. Renews the expiry, and makes an expired invite pending again.
   *
   * ```ts
   * await invites.resend({ id }, { actor })
   * ```
   * Throws `resend_too_soon` (with `retryAfter`), `already_invited`, `invite_already_accepted`,
   * `invite_declined`, `invite_revoked`, `pending_limit_reached`, `rate_limited`, `role_not_grantable`, `channel_unavailable`.
   */
  resend(input: ResendInput, context: Context<Tx>): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /**
   * Withdraws a pending or expired invite: its link stops working. Repeating it is a success.
   *
   * ```ts
   * await invites.revoke({ id, reason: 'wrong address' }, { actor })
   * ```
   * Throws `invite_already_accepted`, `invite_declined`, `role_not_grantable`, `invite_not_found`.
   */
  revoke(input: RevokeInput, context: Context<Tx>): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /**
   * Changes a pending invite. Its address cannot be changed: create another invite. `metadata` is replaced as a whole.
   *
   * ```ts
   * await invites.update({ id, role: 'viewer', recipient: { fullName: 'Ada Lovelace' } }, { actor })
   * ```
   * Throws as `create` does for the role, and `invite_expired` after `expiresAt`.
   */
  update(input: UpdateInput<Role, MetadataInput>, context: Context<Tx>): Promise<{ readonly invite: Invite<Role, Metadata> }>
  /**
   * Deletes personal data: of one invite, by whoever may revoke it, or of one address in every organization, by `'system'`.
   * Ids, times and counts stay; a pending invite is revoked. An address is also removed from the built-in members who have it,
   * in every organization with an invite to it and in `organizationId` if given; they stay members. `erased` counts the
   * invites.
   *
   * ```ts
   * const { erased } = await invites.erase({ email: 'ada@example.com' }, { actor: 'system', organizationId })
   * ```
   */
  erase(
    input: { readonly id: string } | { readonly email: string } | { readonly phone: string },
    context: Context<Tx> | { readonly actor: 'system'; readonly organizationId?: string | undefined },
  ): Promise<{ readonly erased: number }>
}
