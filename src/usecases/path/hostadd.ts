// The host's `members.add` for each acceptance, inside the transaction that writes it.
import type { DomainEvent } from '../../domain/event.ts'
import { evolveAll } from '../../domain/evolve.ts'
import type { Slice } from '../../domain/slice.ts'
import type { CommitOptions } from '../../ports/storage.ts'
import type { Settings } from '../options/settings.ts'
import { toInvite } from '../show/view.ts'
import { patiently } from './hostmembers.ts'

export function addingTo<Tx>(
  { members, membersPatience }: Pick<Settings<Tx>, 'members' | 'membersPatience'>,
  slice: Slice,
  events: readonly DomainEvent[],
): CommitOptions<Tx>['within'] {
  const accepted = events.filter(isAccepted)
  if (members === null || accepted.length === 0) return undefined
  const after = evolveAll(slice, events)
  const add = (event: (typeof accepted)[number], tx: Tx) => {
    const record = after.invites.get(event.inviteId)
    if (record === undefined) return undefined
    const { organizationId, role, extra } = record
    return members.add({ organizationId, userId: event.userId, role, invite: toInvite(record, event.at), extra }, tx)
  }
  return tx => {
    const [first, ...rest] = accepted.map(event => add(event, tx))
    // Query builders are no promises, and run when they are awaited.
    return isThenable(first) ? patiently(membersPatience, async () => void (await Promise.all([first, ...rest]))) : undefined
  }
}

const isThenable = (value: unknown): boolean => typeof (value as { then?: unknown } | null | undefined)?.then === 'function'

const isAccepted = (event: DomainEvent): event is Extract<DomainEvent, { type: 'invite.accepted' }> =>
  event.type === 'invite.accepted'
