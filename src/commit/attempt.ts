// One try at a commit: what must be known is read, or guessed; decided; and written, unless somebody was quicker.
import type { Slice } from '../domain/state.ts'
import { markOf } from '../domain/token.ts'
import type { Settings } from '../options/settings.ts'
import type { Changes, Committed } from '../ports/storage/changes.ts'
import type { Question } from '../ports/storage/facts.ts'
import { toChanges } from './changes.ts'
import { type AllDecided, decideAll, type Outcome, type Request } from './decide-batch.ts'
import { emptyQuestion, questionOf, toSlice } from './facts-query.ts'
import { type Holding, holding, type Tools } from './handoff.ts'
import { addingTo, lendFrom, withHostMembers } from './host-members.ts'
import { guessesOf, guessFor } from './speculation.ts'

/** What is to be decided and written together. */
export interface Batch<Tx> {
  readonly organizationId: string
  readonly requests: readonly Request[]
  /** Where it is written; a lock's transaction is our own and is not joined. */
  readonly tx: Tx | undefined
  readonly joined: boolean
  /** This process does not hold what it queues. */
  readonly unheld: boolean
  readonly dryRun: boolean
}

export interface Written {
  readonly outcomes: readonly Outcome[]
  readonly holding: Holding | null
}

export function createAttempt<Tx>(settings: Settings<Tx>, tools: Tools) {
  const { storage, members } = settings
  const mark = (address: string) => markOf(settings.keys[0], address)

  /** Reads first. */
  async function byRead(batch: Batch<Tx>): Promise<Written | 'conflict'> {
    const { organizationId, requests, tx } = batch
    const question = questionFor(batch)
    const slice = await withMembers(toSlice(organizationId, await storage.read(question, tx)), batch, question)
    const all = decideAll(slice, requests)
    if (!batch.dryRun && (all.steps.length > 0 || all.kept.length > 0)) {
      const within = addingTo(settings, all.steps)
      return write(batch, slice, all, changes => storage.commit(changes, { tx, within }))
    }
    // The host's members were asked after the revision was read, and no commit will tell whether both were true at once.
    const isStale = members !== null && isRefused(all) && (await revisionOf(organizationId, tx)) !== slice.revision
    return isStale ? 'conflict' : { outcomes: all.outcomes, holding: null }
  }

  /** Without a read; null when it must be read after all. Made ready at once, and written when `before` has settled. */
  async function byGuess(batch: Batch<Tx>, before: Promise<unknown>): Promise<Written | null> {
    const guesses = batch.tx === undefined && !batch.dryRun ? guessesOf(settings) : null
    const now = guesses?.now() ?? null
    if (guesses === null || now === null) return null
    const guessed = guessFor(batch.requests, questionFor(batch), now)
    if (guessed === null) return null
    const slice = toSlice(batch.organizationId, guessed.facts)
    const all = decideAll(slice, batch.requests)
    if (isRefused(all) || all.steps.length === 0) return null
    const written = await write(batch, slice, all, changes => guesses.commit(changes, guessed.guess, before))
    return written === 'conflict' ? null : written
  }

  async function write(
    batch: Batch<Tx>,
    slice: Slice,
    all: AllDecided,
    commit: (changes: Changes) => Promise<Committed>,
  ): Promise<Written | 'conflict'> {
    const { joined } = batch
    const held = holding(settings, tools, joined || batch.unheld)
    const changes = toChanges(slice, all.steps, all.kept, { newId: tools.newId, ...held, ownMembers: members === null })
    const since = performance.now()
    const committed = await commit(changes)
    if (committed === 'conflict') return committed
    const { lease, messages: queued } = changes
    if (lease === null && queued.length > 0) tools.nudge(joined ? 'soon' : 'now')
    const outcomes = all.outcomes.map(outcome => (outcome.replayed ? outcome : { ...outcome, queued }))
    return { outcomes, holding: lease && { messages: queued, lease, since } }
  }

  const questionFor = ({ organizationId, requests }: Batch<Tx>): Question =>
    questionOf(requests, { organizationId, now: settings.clock?.() ?? null, ownMembers: members === null, mark })

  /** The host's members are asked after the revision was read. */
  async function withMembers(slice: Slice, { requests, tx }: Batch<Tx>, question: Question): Promise<Slice> {
    if (members === null) return slice
    const commands = requests.flatMap(request => request.commands)
    const asking = { seats: question.seats !== null, lend: lendFrom(storage, tx), patience: settings.membersPatience }
    return withHostMembers(slice, commands, members, asking)
  }

  async function revisionOf(organizationId: string, tx: Tx | undefined): Promise<number> {
    return (await storage.read(emptyQuestion(organizationId, null), tx)).revision
  }

  return { byRead, byGuess }
}

const isRefused = ({ outcomes }: AllDecided): boolean => outcomes.some(({ done }) => done.some(({ decision }) => !decision.ok))
