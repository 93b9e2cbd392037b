// One command of a call, along the path.

import { fail, InviteError } from '../api/error.ts'
import type { Decided, Outcome } from '../commit/decide-batch.ts'
import type { Services } from '../commit/services.ts'
import type { Command } from '../domain/command.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { commands } from '../domain/lifecycle.ts'
import type { Caller } from '../input/caller.ts'
import { unlimited } from '../options/numbers.ts'
import type { Invite } from '../ports/invite.ts'
import { withQueuedDeliveries } from '../views/deliveries.ts'
import { idempotencyFrom } from './idempotency.ts'

/** Runs one command of a call that manages an organization. Throws what it rejects. */
export async function execute<Tx>(
  services: Services<Tx>,
  caller: Caller<Tx>,
  command: Command,
  call: { readonly name: string; readonly key: string | undefined; readonly input: unknown } | null = null,
): Promise<CallResult> {
  const { organizationId, tx, snapshot } = caller
  const limits = commands[command.type].limited ? await services.settings.limitsOf(organizationId) : unlimited
  const keep = call === null ? undefined : idempotencyFrom(services, caller, call)
  const outcome = await services.transact({ organizationId, commands: [command], limits, tx, idempotency: keep, snapshot })
  const { answer, invite } = single(outcome)
  return {
    answer,
    invite,
    view: invite && withQueuedDeliveries(invite, outcome.now, outcome.queued),
    replayed: outcome.replayed,
  }
}

export interface CallResult {
  readonly answer: Extract<Decided['decision'], { ok: true }>['answer']
  readonly invite: InviteRecord | null
  readonly view: Invite | null
  readonly replayed: boolean
}

function single({ done }: Outcome): Pick<CallResult, 'answer' | 'invite'> {
  const [only] = done
  if (only === undefined) throw fail('unavailable', {})
  if (!only.decision.ok) throw new InviteError(only.decision.rejection)
  return { answer: only.decision.answer, invite: only.invite }
}
