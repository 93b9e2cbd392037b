// One try at a commit: what must be known is read, or guessed; decided; and written, unless somebody was quicker.
import type { OrganizationState } from '../domain/state.ts'
import { addressHashOf } from '../domain/token.ts'
import type { Settings } from '../options/settings.ts'
import type { Changes, Committed } from '../ports/storage/changes.ts'
import type { FactsQuery } from '../ports/storage/facts.ts'
import { toChanges } from './changes.ts'
import { type BatchDecision, decideBatch, type Outcome, type Request } from './decide-batch.ts'
import { emptyFactsQuery, factsQueryFor, toOrganizationState } from './facts-query.ts'
import { type DeliveryHandle, type Handoff, leaseAndTargets } from './handoff.ts'
import { addMemberBeforeCommit, connectionFrom, withHostMembers } from './host-members.ts'
import { speculate, speculationOf } from './speculation.ts'

/** What is to be decided and written together. */
export interface Batch<Tx> {
  readonly organizationId: string
  readonly requests: readonly Request[]
  /** Where it is written; a lock's transaction is our own and is not joined. */
  readonly tx: Tx | undefined
  readonly joined: boolean
  /** This process does not hold what it queues. */
  readonly deferDelivery: boolean
  readonly dryRun: boolean
}

export interface Written {
  readonly outcomes: readonly Outcome[]
  readonly handoff: Handoff | null
}

export function createAttempt<Tx>(settings: Settings<Tx>, tools: DeliveryHandle) {
  const { storage, members } = settings
  const mark = (address: string) => addressHashOf(settings.keys[0], address)

  /** Reads first. */
  async function byRead(batch: Batch<Tx>): Promise<Written | 'conflict'> {
    const { organizationId, requests, tx } = batch
    const query = questionFor(batch)
    const state = await withMembers(toOrganizationState(organizationId, await storage.read(query, tx)), batch, query)
    const all = decideBatch(state, requests)
    if (!batch.dryRun && (all.steps.length > 0 || all.kept.length > 0)) {
      const within = addMemberBeforeCommit(settings, all.steps)
      return write(batch, state, all, changes => storage.commit(changes, { tx, beforeCommit: within }))
    }
    // The host's members were asked after the revision was read, and no commit will tell whether both were true at once.
    const isStale = members !== null && isRefused(all) && (await revisionOf(organizationId, tx)) !== state.revision
    return isStale ? 'conflict' : { outcomes: all.outcomes, handoff: null }
  }

  /** Without a read; null when it must be read after all. Made ready at once, and written when `before` has settled. */
  async function byGuess(batch: Batch<Tx>, before: Promise<unknown>): Promise<Written | null> {
    const guesses = batch.tx === undefined && !batch.dryRun ? speculationOf(settings) : null
    const now = guesses?.now() ?? null
    if (guesses === null || now === null) return null
    const guessed = speculate(batch.requests, questionFor(batch), now)
    if (guessed === null) return null
    const state = toOrganizationState(batch.organizationId, guessed.facts)
    const all = decideBatch(state, batch.requests)
    if (isRefused(all) || all.steps.length === 0) return null
    const written = await write(batch, state, all, changes => guesses.commit(changes, guessed.assumptions, before))
    return written === 'conflict' ? null : written
  }

  async function write(
    batch: Batch<Tx>,
    state: OrganizationState,
    all: BatchDecision,
    commit: (changes: Changes) => Promise<Committed>,
  ): Promise<Written | 'conflict'> {
    const { joined } = batch
    const held = leaseAndTargets(settings, tools, joined || batch.deferDelivery)
    const changes = toChanges(state, all.steps, all.kept, { newId: tools.newId, ...held, ownMembers: members === null })
    const since = performance.now()
    const committed = await commit(changes)
    if (committed === 'conflict') return committed
    const { lease, messages: queued } = changes
    if (lease === null && queued.length > 0) tools.nudge(joined ? 'soon' : 'now')
    const outcomes = all.outcomes.map(outcome => (outcome.replayed ? outcome : { ...outcome, queued }))
    return { outcomes, handoff: lease && { messages: queued, lease, since } }
  }

  const questionFor = ({ organizationId, requests }: Batch<Tx>): FactsQuery =>
    factsQueryFor(requests, { organizationId, now: settings.clock?.() ?? null, ownMembers: members === null, mark })

  /** The host's members are asked after the revision was read. */
  async function withMembers(
    state: OrganizationState,
    { requests, tx }: Batch<Tx>,
    query: FactsQuery,
  ): Promise<OrganizationState> {
    if (members === null) return state
    const commands = requests.flatMap(request => request.commands)
    const asking = {
      seats: query.seats !== null,
      useConnection: connectionFrom(storage, tx),
      timeoutMs: settings.membersTimeoutMs,
    }
    return withHostMembers(state, commands, members, asking)
  }

  async function revisionOf(organizationId: string, tx: Tx | undefined): Promise<number> {
    return (await storage.read(emptyFactsQuery(organizationId, null), tx)).revision
  }

  return { byRead, byGuess }
}

const isRefused = ({ outcomes }: BatchDecision): boolean =>
  outcomes.some(({ done }) => done.some(({ decision }) => !decision.ok))
