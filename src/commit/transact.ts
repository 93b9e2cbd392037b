// The one write path: read (or assume) the facts, decide, commit at the revision that was read, and retry after a conflict.

import { fail } from '../api/error.ts'
import type { Settings } from '../options/settings.ts'
import { type Batch, type BatchOutcome, createAttempt } from './attempt.ts'
import type { DeliveryHandle } from './changes.ts'
import { type CommitRequest, type Outcome, reauthorize, rulesOf } from './decide-batch.ts'
import { findInvites } from './facts-query.ts'
import { createGroupCommit } from './group-commit.ts'
import type { SpeculativeCommit } from './speculation/speculation.ts'

/** Decides and commits one call's commands. Throws `unavailable` when every attempt ends in a conflict. */
export type Transact<Tx> = (request: CommitRequest<Tx>) => Promise<Outcome>

/** One request's outcome, and the delivery of the messages of its whole commit. */
interface Delivering {
  readonly outcome: Outcome
  readonly delivery: Promise<unknown> | undefined
}

const maxAttempts = 12
/** Concurrent calls in one transaction of the host's are not grouped: each attempt lets one of them through. */
const maxJoinedAttempts = 200
/** After a conflict so many commits of the organization take its lock first, so that busy processes get an equal share. */
const lockedCommits = 16
const maxContended = 1000

export function createTransact<Tx>(
  settings: Settings<Tx>,
  deliveryHandle: DeliveryHandle,
  speculation: SpeculativeCommit<Tx>,
): Transact<Tx> {
  const { storage, members } = settings
  const { commitAfterRead, commitSpeculatively } = createAttempt(settings, deliveryHandle, speculation)
  /** By organization: how many of the next commits take the lock. */
  const contended = new Map<string, number>()
  const groupCommit = createGroupCommit(commitAndDeliver)

  return async request => {
    const { outcome, delivery } = await commitRequest(request)
    // In the caller's own async context: the group commit runs in that of one caller for all of them.
    if (delivery) await followDelivery(settings, delivery)
    return outcome.replayed ? replayedNow(request, outcome) : outcome
  }

  async function commitRequest(request: CommitRequest<Tx>): Promise<Delivering> {
    if (request.dryRun || request.tx !== undefined) {
      const [only] = await commitAndDeliver(request.organizationId, [request], Promise.resolve())
      return only ?? gaveUp()
    }
    return groupCommit(request.organizationId, request, {
      weight: request.commands.length,
      // An error thrown by the host's `members.add` must not fail other callers.
      exclusive: members !== null && request.commands.some(command => command.type === 'accept'),
      pipelined: speculation.isPossible(request),
    })
  }

  async function commitAndDeliver(
    organizationId: string,
    requests: readonly CommitRequest<Tx>[],
    previous: Promise<unknown>,
  ): Promise<readonly Delivering[]> {
    const { outcomes, handoff } = await untilCommitted(toBatch(organizationId, requests), previous)
    const delivery = handoff ? deliveryHandle.deliver(handoff) : undefined
    return outcomes.map(outcome => ({ outcome, delivery }))
  }

  /** Asks nothing of the database until `previous`, the organization's commit before this one, has settled. */
  async function untilCommitted(batch: Batch<Tx>, previous: Promise<unknown>): Promise<BatchOutcome> {
    const { organizationId, tx } = batch
    const speculated = contended.has(organizationId) ? null : await commitSpeculatively(batch, previous)
    await previous
    if (speculated !== null) return speculated
    const attempts = tx === undefined ? maxAttempts : maxJoinedAttempts
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const committed = await commitOrConflict(batch)
      if (committed !== 'conflict') return committed
      noteConflict(organizationId)
      if (!storage.withLock || attempt > 1) await pause(2 ** Math.min(attempt, 6) * (1 + Math.random()))
    }
    return gaveUp()
  }

  function commitOrConflict(batch: Batch<Tx>): Promise<BatchOutcome | 'conflict'> {
    const { organizationId, mode } = batch
    const left = contended.get(organizationId) ?? 0
    if (mode !== 'own' || left === 0 || !storage.withLock) return commitAfterRead(batch)
    left === 1 ? contended.delete(organizationId) : contended.set(organizationId, left - 1)
    return storage.withLock(organizationId, tx => commitAfterRead({ ...batch, tx }))
  }

  /** Bounded: the organization whose last conflict is the oldest is forgotten first. */
  function noteConflict(organizationId: string): void {
    if (!storage.withLock) return
    contended.delete(organizationId)
    contended.set(organizationId, lockedCommits)
    const [oldest] = contended.keys()
    if (contended.size > maxContended && oldest !== undefined) contended.delete(oldest)
  }

  /** A stored answer names invites by id: they are returned as they are now, to an actor who may still see them. */
  async function replayedNow(request: CommitRequest<Tx>, outcome: Outcome): Promise<Outcome> {
    const { organizationId, commands, limits, tx } = request
    const ids = outcome.results.flatMap(({ decision }) => (decision.ok ? (decision.answer.inviteId ?? []) : []))
    const invites = await findInvites(settings, organizationId, ids, tx)
    const results = outcome.results.map(result => {
      const id = result.decision.ok ? result.decision.answer.inviteId : null
      return id === null ? result : { ...result, invite: invites.get(id) ?? null }
    })
    return { ...outcome, results: reauthorize(results, commands, rulesOf(settings, limits)) }
  }
}

function toBatch<Tx>(organizationId: string, requests: readonly CommitRequest<Tx>[]): Batch<Tx> {
  const [first] = requests
  const mode = first?.dryRun ? 'dryRun' : first?.tx === undefined ? 'own' : 'joined'
  return { organizationId, requests, tx: first?.tx, mode }
}

/** Keeps the process alive for a delivery (`relay.waitUntil`), and waits for it where `relay.inline` is `await`. */
export async function followDelivery<Tx>({ relay, onError }: Settings<Tx>, delivery: Promise<unknown>): Promise<void> {
  try {
    relay.waitUntil?.(delivery)
  } catch (error) {
    // The call is committed, whatever the host's function throws.
    onError(error, { where: 'relay.waitUntil' })
  }
  if (relay.inline === 'await') await delivery
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

function gaveUp(): never {
  throw fail('unavailable', {}, 'this organization is written to by too many processes at once; try again')
}
