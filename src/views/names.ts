// What the people of an invite are called.

import { inTime } from '../concurrency/timeout.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { Settings } from '../options/settings.ts'

export interface Names {
  readonly organization: string | null
  readonly inviter: string | null
}

/** What the host's directory calls them; without one, what the inviter was called on that day. */
export async function namesOf<Tx>({ directory }: Settings<Tx>, invite: InviteRecord): Promise<Names> {
  const [organization, inviter] = await Promise.all([
    inTime('directory.organization', directory.organization?.(invite.organizationId)),
    invite.inviterId === null ? null : inTime('directory.user', directory.user?.(invite.inviterId)),
  ])
  return { organization: organization?.name ?? null, inviter: inviter?.name ?? invite.inviterName }
}
