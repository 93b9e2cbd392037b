// Creates invites: one, or many in one commit.

import { InviteError } from '../api/error.ts'
import type { BulkAnswer, BulkResult, Created } from '../api/results.ts'
import type { Decided, Outcome } from '../commit/decide-batch.ts'
import type { Services } from '../commit/services.ts'
import type { Create } from '../domain/command.ts'
import type { Rejection } from '../domain/rejection.ts'
import { type CallContext, callerFrom } from '../input/caller.ts'
import { createCommandFrom, createCommandsFrom } from '../input/create-command.ts'
import { keyOf } from '../options/keys.ts'
import { withQueuedDeliveries } from '../views/invite.ts'
import { linksOf } from '../views/links.ts'
import { markReplayed } from '../views/replayed.ts'
import { execute, idempotencyFrom } from './execute.ts'

export async function create<Tx>(
  services: Services<Tx>,
  input: unknown,
  context: CallContext<Tx>,
): Promise<Created<string, never>> {
  const caller = await callerFrom(services, context)
  const command = await createCommandFrom(services, caller.actor, input)
  const call = { name: 'create', key: context?.idempotencyKey, input }
  const { answer, invite, view, replayed } = await execute(services, caller, command, call)
  if (invite === null) throw new Error('invitekit: a created invite is missing')
  const result = {
    invite: view,
    ...(await linksOf(services.settings, invite)),
    outcome: answer.outcome ?? 'created',
  }
  return markReplayed(result as unknown as Created<string, never>, replayed)
}

const skippable: readonly Rejection['code'][] = ['already_member', 'already_invited']

export async function createMany<Tx>(
  services: Services<Tx>,
  input: unknown,
  context: CallContext<Tx>,
): Promise<BulkAnswer<string, never>> {
  const caller = await callerFrom(services, context)
  const limits = await services.settings.limitsOf(caller.organizationId)
  const { items, dryRun } = await createCommandsFrom(services, caller.actor, input, limits.bulk)
  const commands = items.filter((item): item is Create => 'type' in item)
  const { organizationId, tx } = caller
  const idempotency = idempotencyFrom(services, caller, { name: 'createMany', key: context?.idempotencyKey, input })
  const outcome = await services.transact({ organizationId, commands, limits, tx, idempotency, dryRun })
  const { results: decided, replayed } = outcome
  // The key belongs to the call as a whole, not to one of its items.
  const [first] = decided
  if (replayed && first?.decision.ok === false && first.decision.rejection.code === 'idempotency_mismatch')
    throw new InviteError(first.decision.rejection)

  let next = 0
  const results: BulkResult<string, never>[] = []
  for (const [index, item] of items.entries()) {
    if (!('type' in item)) {
      results.push({ index, outcome: 'rejected', error: item.error })
      continue
    }
    const own = decided[next++]
    if (own !== undefined) results.push(await toResult(services, index, own, outcome, dryRun))
  }
  const count = (...outcomes: string[]) => results.filter(({ outcome }) => outcomes.includes(outcome)).length
  return markReplayed({ created: count('created'), skipped: count('skipped'), rejected: count('rejected'), results }, replayed)
}

async function toResult<Tx>(
  services: Services<Tx>,
  index: number,
  { decision, invite }: Decided,
  { now, queued }: Outcome,
  dryRun: boolean,
): Promise<BulkResult<string, never>> {
  if (!decision.ok) {
    const { rejection } = decision
    return {
      index,
      outcome: skippable.includes(rejection.code) ? 'skipped' : 'rejected',
      error: new InviteError(rejection).facts,
    }
  }
  const outcome = decision.answer.outcome ?? 'created'
  if (invite === null || (dryRun && outcome === 'created')) return { index, outcome }
  const view = withQueuedDeliveries(invite, now, queued) as unknown as NonNullable<BulkResult<string, never>['invite']>
  // An invite whose signing key is gone has no link; the results of the other items are returned all the same.
  const links = keyOf(services.settings, invite.keyId) === null ? {} : await linksOf(services.settings, invite)
  return { index, outcome, invite: view, ...links }
}
