// THE path: every write goes read (or guess) → decide → commit at the revision of what was known, and again after a conflict.

import { fail } from '../api/error.ts'
import type { Command } from '../domain/command.ts'
import type { CheckedLimits } from '../domain/limits.ts'
import type { Settings } from '../options/settings.ts'
import type { InviteSnapshot } from '../ports/storage/speculation.ts'
import { type Batch, createAttempt, type Written } from './attempt.ts'
import { type Outcome, type Request, reauthorize } from './decide-batch.ts'
import { findInvites } from './find-invite.ts'
import { createGroupCommit } from './group-commit.ts'
import { type DeliveryHandle, keepAlive } from './handoff.ts'
import { rulesOf } from './rules.ts'
import { isSpeculative, speculationOf } from './speculation.ts'

/** What one call wants written, all of it decided at one revision. */
export interface CommitRequest<Tx> {
  readonly organizationId: string
  readonly commands: readonly Command[]
  readonly limits: CheckedLimits
  readonly tx: Tx | undefined
  /** What was seen of the invite when it was looked for. */
  readonly snapshot?: InviteSnapshot | null | undefined
  /** The idempotency key, hashed, and a digest of the input. */
  readonly idempotency?: { readonly key: string; readonly input: string } | undefined
  /** Whoever's relay comes next delivers it: this process does not hold it. */
  readonly deferDelivery?: boolean
  /** Decide and answer, write nothing. */
  readonly dryRun?: boolean
}

export type Transact<Tx> = (job: CommitRequest<Tx>) => Promise<Outcome>

interface Delivering extends Outcome {
  readonly delivery: Promise<unknown> | undefined
}

const maxRounds = 12
/** Calls at once on one transaction of the host's stand in no line: each round lets one of them through. */
const maxJoinedRounds = 200
/** After a conflict an organization is written behind its lock for so many batches: fair between busy processes. */
const pessimisticRounds = 16
const maxContended = 1000

export function createTransact<Tx>(settings: Settings<Tx>, tools: DeliveryHandle): Transact<Tx> {
  const { storage, members } = settings
  const { byRead, byGuess } = createAttempt(settings, tools)
  const canGuess = speculationOf(settings) !== null
  const contended = new Map<string, number>()
  const line = createGroupCommit(untilCommitted)

  return async job => {
    const { delivery, ...outcome } = await decided(job)
    // Here, in the caller's own async context, and not where the line runs: that is one caller's for all of them.
    if (delivery) keepAlive(settings, delivery)
    if (settings.relay.inline === 'await') await delivery
    if (!outcome.replayed) return outcome
    const done = reauthorize(await withInvites(job, outcome.done), toRequest(job))
    return { ...outcome, done }
  }

  async function decided(job: CommitRequest<Tx>): Promise<Delivering> {
    if (job.dryRun || job.tx !== undefined) {
      const [outcome] = await untilCommitted(job.organizationId, [job], Promise.resolve())
      return outcome ?? gaveUp()
    }
    // What a host's `members.add` throws must hurt no other caller.
    const alone = members !== null && job.commands.some(command => command.type === 'accept')
    return line(job.organizationId, job, {
      weight: job.commands.length,
      exclusive: alone,
      pipelined: canGuess && isSpeculative(job.commands, job.snapshot ?? null),
    })
  }

  /** One commit for all jobs, after `before` has settled; a joined job comes alone. */
  async function untilCommitted(
    organizationId: string,
    jobs: readonly CommitRequest<Tx>[],
    before: Promise<unknown>,
  ): Promise<readonly Delivering[]> {
    const most = jobs[0]?.tx === undefined ? maxRounds : maxJoinedRounds
    for (let round = 0; round < most; round += 1) {
      const early = round === 0 ? await quick(organizationId, jobs, before) : null
      await before
      const written = early ?? (await once(organizationId, jobs))
      if (written !== 'conflict') {
        const delivery = written.handoff ? tools.deliver(written.handoff) : undefined
        return written.outcomes.map(outcome => ({ ...outcome, delivery }))
      }
      noteConflict(organizationId)
      if (!storage.withLock || round > 1) await pause(2 ** Math.min(round, 6) * (1 + Math.random()))
    }
    return gaveUp()
  }

  /** Where there is a lock to write behind; one that goes quiet is forgotten when others come. */
  function noteConflict(organizationId: string): void {
    if (!storage.withLock) return
    contended.delete(organizationId)
    contended.set(organizationId, pessimisticRounds)
    const [oldest] = contended.keys()
    if (contended.size > maxContended && oldest !== undefined) contended.delete(oldest)
  }

  /** Without a read, where nobody else was in the way lately. */
  async function quick(
    organizationId: string,
    jobs: readonly CommitRequest<Tx>[],
    before: Promise<unknown>,
  ): Promise<Written | null> {
    return contended.has(organizationId) ? null : byGuess(toBatch(organizationId, jobs), before)
  }

  function once(organizationId: string, jobs: readonly CommitRequest<Tx>[]): Promise<Written | 'conflict'> {
    const batch = toBatch(organizationId, jobs)
    const left = contended.get(organizationId) ?? 0
    if (batch.joined || left === 0 || !storage.withLock) return byRead(batch)
    left === 1 ? contended.delete(organizationId) : contended.set(organizationId, left - 1)
    return storage.withLock(organizationId, tx => byRead({ ...batch, tx }))
  }

  function toBatch(organizationId: string, jobs: readonly CommitRequest<Tx>[]): Batch<Tx> {
    const [first] = jobs
    const tx = first?.tx
    return {
      organizationId,
      requests: jobs.map(toRequest),
      tx,
      joined: tx !== undefined,
      deferDelivery: jobs.every(job => job.deferDelivery),
      dryRun: first?.dryRun ?? false,
    }
  }

  function toRequest({ commands, limits, idempotency, snapshot = null }: CommitRequest<Tx>): Request {
    return {
      commands,
      limits,
      idempotencyKey: idempotency?.key ?? null,
      input: idempotency?.input ?? '',
      rules: rulesOf(settings, limits),
      snapshot,
    }
  }

  /** A replay names invites by id: they are shown as they are now. */
  async function withInvites(job: CommitRequest<Tx>, done: Outcome['done']): Promise<Outcome['done']> {
    const ids = done.flatMap(({ decision }) => (decision.ok ? (decision.answer.inviteId ?? []) : []))
    const invites = await findInvites(settings, job.organizationId, ids, job.tx)
    return done.map(each => {
      const id = each.decision.ok ? each.decision.answer.inviteId : null
      return id === null ? each : { ...each, invite: invites.get(id) ?? null }
    })
  }
}

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

function gaveUp(): never {
  throw fail('unavailable', {}, 'this organization is written to by too many processes at once; try again')
}
