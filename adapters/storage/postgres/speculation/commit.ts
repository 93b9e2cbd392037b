// Commits on a guess that come at once go together, whatever their organizations; each hears of its own.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Assumptions, Changes, Committed } from '../../../../src/core.ts'
import type { Connector } from '../../connectors/connector.ts'
import { codeOf } from '../../sql/errors.ts'
import type { Names } from '../../sql/tables.ts'
import { createBatcher, isOutOfReach } from '../batcher.ts'
import { explained, isConflict, isDuplicate, isLost } from '../errors.ts'
import type { Statement } from '../write/commit.ts'
import { resolveInDoubt } from '../write/in-doubt.ts'
import { countOf, rowsOf } from '../write/rows.ts'
import { createQuarantine } from './quarantine.ts'
import { committedIn, createSpeculativeText, type Entry, kindOf, maxDriftMs } from './statement.ts'

interface Parts<Tx> {
  readonly connector: Connector<Tx>
  readonly names: Names
  /** How long the verdict on a commit is asked for whose connection was lost. */
  readonly verdictTimeoutMs: number
  /** Whether it landed: final, for it passes the revision. */
  readonly fenced: (changes: Changes) => Promise<Committed>
}

/** So many rows are a statement of their own, made ready before it is their turn. */
const ownStatementRows = 24
/** Organizations in a statement. */
const maxOrganizations = 16
/** What one organization's rows can do to the statement, through triggers of the host's or locks. */
const ofOne = ['42P01', '57014', '55P03']

export function createSpeculativeCommit<Tx>({ connector, names, verdictTimeoutMs, fenced }: Parts<Tx>) {
  const toStatement = createSpeculativeText(names)
  const suspects = createQuarantine()

  async function send({ text, parameters }: Statement): Promise<readonly string[]> {
    const [answer] = await connector.query(text, parameters)
    return committedIn(answer?.['committed'])
  }

  const gather = createBatcher(
    async (_: string, all: readonly Entry[]): Promise<readonly Committed[]> => {
      // Of an organization that is in it twice each would be sure of what the other takes away.
      const unique = all.filter((one, index) => all.findIndex(each => each.organizationId === one.organizationId) === index)
      const [first, ...others] = unique
      const ids = unique.map(({ organizationId }) => organizationId)
      const written = first ? await suspects.watch(ids, send(toStatement(first, others))) : []
      return all.map(one => (unique.includes(one) && written.includes(one.organizationId) ? 'committed' : 'conflict'))
    },
    { maxItems: maxOrganizations, isAlike: error => isLost(error) || (isOutOfReach(explained(error)) && !isOfOne(error)) },
  )

  async function write(one: Entry, after: Promise<unknown> | undefined): Promise<Committed> {
    if (countOf(one.rows) < ownStatementRows) {
      await after
      return gather(`${kindOf(one)}${suspects.has(one.organizationId) ? ` of ${one.organizationId}` : ''}`, one)
    }
    const statement = toStatement(one)
    await after
    return (await send(statement)).length > 0 ? 'committed' : 'conflict'
  }

  /** A guess that does not hold has passed nothing. What is still on its way holds no longer once its time is past. */
  return async (changes: Changes, guess: Assumptions, after?: Promise<unknown>): Promise<Committed> => {
    const { organizationId, expireBefore } = changes
    try {
      return await write({ organizationId, rows: rowsOf(changes), assumptions: guess, expireBefore }, after)
    } catch (error) {
      // A row that somebody holds is waited for by what reads first, and for longer.
      if (isConflict(error) || isDuplicate(error) || codeOf(error) === '55P03') return 'conflict'
      if (!isLost(error)) throw explained(error)
      await sleep(2 * maxDriftMs)
      return resolveInDoubt(() => fenced(changes), verdictTimeoutMs)
    }
  }
}

const isOfOne = (error: unknown): boolean => ofOne.includes(codeOf(error) ?? '')
