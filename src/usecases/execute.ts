// One command of a call, along the path.

import { fail, InviteError } from '../api/error.ts'
import type { Done, Outcome } from '../commit/decide-batch.ts'
import type { Kit } from '../commit/services.ts'
import type { Command } from '../domain/command.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { Place } from '../input/caller.ts'
import { unlimited } from '../options/numbers.ts'
import type { Invite } from '../ports/invite.ts'
import { written } from '../views/deliveries.ts'
import { keepOf } from './idempotency.ts'

/** Runs one command of a call that manages an organization. Throws what it rejects. */
export async function perform<Tx>(
  kit: Kit<Tx>,
  place: Place<Tx>,
  command: Command,
  call: { readonly name: string; readonly key: string | undefined; readonly input: unknown } | null = null,
): Promise<Performed> {
  const { organizationId, tx, known } = place
  const limits = isLimited(command) ? await kit.settings.limitsOf(organizationId) : unlimited
  const keep = call === null ? undefined : keepOf(kit, place, call)
  const outcome = await kit.transact({ organizationId, commands: [command], limits, tx, keep, known })
  const { answer, invite } = single(outcome)
  return { answer, invite, view: invite && written(invite, outcome.now, outcome.queued), replayed: outcome.replayed }
}

/** Others take no place, no seat and send nothing: the host's function of limits is not asked for them. */
const isLimited = ({ type }: Command): boolean =>
  !['open', 'decline', 'revoke', 'update', 'erase', 'member.remove', 'member.forget'].includes(type)

export interface Performed {
  readonly answer: Extract<Done['decision'], { ok: true }>['answer']
  readonly invite: InviteRecord | null
  readonly view: Invite | null
  readonly replayed: boolean
}

function single({ done }: Outcome): Pick<Performed, 'answer' | 'invite'> {
  const [only] = done
  if (only === undefined) throw fail('unavailable', {})
  if (!only.decision.ok) throw new InviteError(only.decision.rejection)
  return { answer: only.decision.answer, invite: only.invite }
}
