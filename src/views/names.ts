// The names of an invite's organization and inviter.

import { inTime } from '../concurrency/timeout.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { Settings } from '../options/settings.ts'

export interface Names {
  readonly organization: string | null
  readonly inviter: string | null
}

/** From the host's directory. Without it, the inviter's name is the actor's `name` from when the invite was made. */
export async function namesOf<Tx>({ directory }: Settings<Tx>, invite: InviteRecord): Promise<Names> {
  const [organization, inviter] = await Promise.all([
    inTime('directory.organization', directory.organization?.(invite.organizationId)),
    invite.inviterId === null ? null : inTime('directory.user', directory.user?.(invite.inviterId)),
  ])
  return { organization: organization?.name ?? null, inviter: inviter?.name ?? invite.inviterName }
}
