// One attempt to decide and commit a batch: on facts that are read first, or speculatively, on assumed facts.
import type { CheckedLimits } from '../domain/limits.ts'
import type { OrganizationState } from '../domain/state.ts'
import { addressHashOf } from '../domain/token.ts'
import type { Settings } from '../options/settings.ts'
import type { Changes, Committed } from '../ports/storage/changes.ts'
import type { FactsQuery } from '../ports/storage/facts.ts'
import { type DeliveryHandle, type Handoff, leaseAndTargets, toChanges } from './changes.ts'
import { type BatchDecision, type CommitRequest, decideBatch, type Outcome, rulesOf } from './decide-batch.ts'
import { emptyFactsQuery, factsQueryFor, toOrganizationState } from './facts-query.ts'
import { addMemberBeforeCommit, connectionFrom, withHostMembers } from './host-members.ts'
import type { SpeculativeCommit } from './speculation/speculation.ts'

/** Requests of one organization that are decided and written together. */
export interface Batch<Tx> {
  readonly organizationId: string
  readonly requests: readonly CommitRequest<Tx>[]
  readonly tx: Tx | undefined
  /** Whose transaction it is: `own`, also that of our lock, or `joined`, the host's. A `dryRun` writes nothing. */
  readonly mode: 'own' | 'joined' | 'dryRun'
}

export interface BatchOutcome {
  /** In the order of the requests. */
  readonly outcomes: readonly Outcome[]
  /** What this process is to deliver; null when it holds no lease. */
  readonly handoff: Handoff | null
}

export function createAttempt<Tx>(settings: Settings<Tx>, delivery: DeliveryHandle, speculation: SpeculativeCommit<Tx>) {
  const { storage, members } = settings
  const addressHash = (address: string) => addressHashOf(settings.keys[0], address)
  const rulesFor = (limits: CheckedLimits) => rulesOf(settings, limits)

  async function commitAfterRead(batch: Batch<Tx>): Promise<BatchOutcome | 'conflict'> {
    const { organizationId, requests, tx, mode } = batch
    const query = factsQueryOf(batch)
    const read = toOrganizationState(organizationId, await storage.read(query, tx))
    const state = members === null ? read : await withMembers(read, batch, query)
    const decided = decideBatch(state, requests, rulesFor)
    if (mode !== 'dryRun' && (decided.steps.length > 0 || decided.records.length > 0)) {
      const beforeCommit = members === null ? undefined : addMemberBeforeCommit(settings, decided.steps)
      return write(batch, state, decided, changes => storage.commit(changes, { tx, beforeCommit }))
    }
    // The host's members were asked after the revision was read, and nothing is committed that would notice a change between.
    const isStale = members !== null && isRefused(decided) && (await revisionOf(organizationId, tx)) !== state.revision
    return isStale ? 'conflict' : { outcomes: decided.outcomes, handoff: null }
  }

  /** Without a read; null where only a read can tell. It decides at once, and writes when `previous` has settled. */
  async function commitSpeculatively(batch: Batch<Tx>, previous: Promise<unknown>): Promise<BatchOutcome | null> {
    const { organizationId, requests, mode } = batch
    const now = mode === 'own' ? speculation.now() : null
    const assumed = now && speculation.assume(requests, factsQueryOf(batch), now)
    if (assumed === null) return null
    const state = toOrganizationState(organizationId, assumed.facts)
    const decided = decideBatch(state, requests, rulesFor)
    if (isRefused(decided) || decided.steps.length === 0) return null
    const written = await write(batch, state, decided, changes => speculation.commit(changes, assumed.assumptions, previous))
    return written === 'conflict' ? null : written
  }

  async function write(
    { requests, mode }: Batch<Tx>,
    state: OrganizationState,
    { outcomes, steps, records }: BatchDecision,
    commit: (changes: Changes) => Promise<Committed>,
  ): Promise<BatchOutcome | 'conflict'> {
    const isDeferred = mode === 'joined' || requests.every(request => request.deferDelivery)
    const { lease, targets } = leaseAndTargets(settings, delivery, isDeferred)
    const recorder = { newId: delivery.newId, lease, targets, ownMembers: members === null }
    const changes = toChanges(state, steps, records, recorder)
    const since = performance.now()
    if ((await commit(changes)) === 'conflict') return 'conflict'
    const { messages } = changes
    if (lease === null && messages.length > 0) delivery.nudge(mode === 'joined' ? 'soon' : 'now')
    return {
      outcomes: outcomes.map(outcome => (outcome.replayed ? outcome : { ...outcome, queued: messages })),
      handoff: lease && { messages, lease, since },
    }
  }

  const factsQueryOf = ({ organizationId, requests }: Batch<Tx>): FactsQuery =>
    factsQueryFor(requests, { organizationId, now: settings.clock?.() ?? null, ownMembers: members === null, addressHash })

  async function withMembers(state: OrganizationState, { requests, tx }: Batch<Tx>, query: FactsQuery) {
    if (members === null) return state
    const commands = requests.flatMap(request => request.commands)
    const { membersTimeoutMs: timeoutMs } = settings
    const useConnection = connectionFrom(storage, tx)
    return withHostMembers(state, commands, members, { seats: query.seats !== null, useConnection, timeoutMs })
  }

  const revisionOf = async (organizationId: string, tx: Tx | undefined): Promise<number> =>
    (await storage.read(emptyFactsQuery(organizationId, null), tx)).revision

  return { commitAfterRead, commitSpeculatively }
}

const isRefused = ({ outcomes }: BatchDecision): boolean =>
  outcomes.some(({ results }) => results.some(({ decision }) => !decision.ok))
