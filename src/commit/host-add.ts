// The host's `members.add` for an acceptance, inside the transaction that writes it.

import { isThenable } from '../concurrency/timeout.ts'
import type { DomainEvent } from '../domain/event.ts'
import type { Settings } from '../options/settings.ts'
import type { CommitOptions } from '../ports/storage/storage.ts'
import { toInvite } from '../views/invite.ts'
import type { Step } from './decide-batch.ts'
import { patiently } from './host-members.ts'

/** Where members are the host's, an acceptance is committed by itself: there is one among the steps, or none. */
export function addingTo<Tx>(
  { members, membersPatience }: Pick<Settings<Tx>, 'members' | 'membersPatience'>,
  steps: readonly Step[],
): CommitOptions<Tx>['within'] {
  const step = steps.find(isAcceptance)
  const record = step?.after.invites.get(step.event.inviteId)
  if (members === null || step === undefined || record === undefined) return undefined
  const { userId, at } = step.event
  const { organizationId, role, extra } = record
  return tx => {
    const added = members.add({ organizationId, userId, role, invite: toInvite(record, at), extra }, tx)
    return isThenable(added) ? patiently(membersPatience, async () => void (await added)) : undefined
  }
}

type Acceptance = Step & { readonly event: Extract<DomainEvent, { type: 'invite.accepted' }> }

const isAcceptance = (step: Step): step is Acceptance => step.event.type === 'invite.accepted'
