// Making invites: one, or many in one commit.

import { InviteError } from '../api/error.ts'
import type { BulkAnswer, BulkResult, Created } from '../api/results.ts'
import type { Done, Outcome } from '../commit/decide-batch.ts'
import type { Kit } from '../commit/services.ts'
import type { Create } from '../domain/command.ts'
import type { Rejection } from '../domain/rejection.ts'
import { type AnyContext, placeOf } from '../input/caller.ts'
import { toCreate, toCreates } from '../input/create-command.ts'
import { keyOf } from '../options/keys.ts'
import { written } from '../views/deliveries.ts'
import { linksOf } from '../views/links.ts'
import { markReplayed } from '../views/replayed.ts'
import { perform } from './execute.ts'
import { keepOf } from './idempotency.ts'

export async function create<Tx>(kit: Kit<Tx>, input: unknown, context: AnyContext<Tx>): Promise<Created<string, never>> {
  const place = await placeOf(kit, context)
  const command = await toCreate(kit, place.doer, input)
  const call = { name: 'create', key: context?.idempotencyKey, input }
  const { answer, invite, view, replayed } = await perform(kit, place, command, call)
  if (invite === null) throw new Error('invitekit: a created invite is missing')
  const result = {
    invite: view,
    ...(await linksOf(kit.settings, invite)),
    outcome: answer.outcome ?? 'created',
  }
  return markReplayed(result as unknown as Created<string, never>, replayed)
}

const skippable: readonly Rejection['code'][] = ['already_member', 'already_invited']

export async function createMany<Tx>(
  kit: Kit<Tx>,
  input: unknown,
  context: AnyContext<Tx>,
): Promise<BulkAnswer<string, never>> {
  const place = await placeOf(kit, context)
  const limits = await kit.settings.limitsOf(place.organizationId)
  const { items, dryRun } = await toCreates(kit, place.doer, input, limits.bulk)
  const commands = items.filter((item): item is Create => 'type' in item)
  const { organizationId, tx } = place
  const keep = keepOf(kit, place, { name: 'createMany', key: context?.idempotencyKey, input })
  const outcome = await kit.transact({ organizationId, commands, limits, tx, keep, dryRun })
  const { done, replayed } = outcome
  // Of the call as a whole, whatever is in it.
  const [first] = done
  if (replayed && first?.decision.ok === false && first.decision.rejection.code === 'idempotency_mismatch')
    throw new InviteError(first.decision.rejection)

  let next = 0
  const results: BulkResult<string, never>[] = []
  for (const [index, item] of items.entries()) {
    if (!('type' in item)) {
      results.push({ index, outcome: 'rejected', error: item.error })
      continue
    }
    const each = done[next++]
    if (each !== undefined) results.push(await toResult(kit, index, each, outcome, dryRun))
  }
  const count = (...outcomes: string[]) => results.filter(({ outcome }) => outcomes.includes(outcome)).length
  return markReplayed({ created: count('created'), skipped: count('skipped'), rejected: count('rejected'), results }, replayed)
}

async function toResult<Tx>(
  kit: Kit<Tx>,
  index: number,
  { decision, invite }: Done,
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
  const view = written(invite, now, queued) as unknown as NonNullable<BulkResult<string, never>['invite']>
  // One whose key is gone has no link; that must not hide what the others became.
  const links = keyOf(kit.settings, invite.keyId) === null ? {} : await linksOf(kit.settings, invite)
  return { index, outcome, invite: view, ...links }
}
