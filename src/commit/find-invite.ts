// Invites looked up by id, outside of any decision.

import { fail } from '../api/error.ts'
import type { InviteId, InviteRecord } from '../domain/invite.ts'
import type { OrganizationState } from '../domain/state.ts'
import type { Settings } from '../options/settings.ts'
import type { InviteRef } from '../ports/storage/lists.ts'
import { emptyFactsQuery, toOrganizationState } from './facts-query.ts'

/** These invites of one organization, as they are now. */
export async function findInvites<Tx>(
  settings: Settings<Tx>,
  organizationId: string,
  ids: readonly InviteId[],
  tx: Tx | undefined,
): Promise<OrganizationState['invites']> {
  const query = { ...emptyFactsQuery(organizationId, settings.clock?.() ?? null), ids }
  return toOrganizationState(organizationId, await settings.storage.read(query, tx)).invites
}

/** One of them. Throws `invite_not_found`. */
export async function findInvite<Tx>(
  settings: Settings<Tx>,
  { organizationId, id }: InviteRef,
  tx: Tx | undefined,
): Promise<InviteRecord> {
  const invite = (await findInvites(settings, organizationId, [id], tx)).get(id)
  if (invite === undefined) throw fail('invite_not_found', {})
  return invite
}
