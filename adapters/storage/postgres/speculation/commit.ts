// Speculative commits. Concurrent ones of several organizations share one statement, and each gets its own answer.
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
  /** How long to ask for the outcome of a commit whose connection was lost. */
  readonly verdictTimeoutMs: number
  /** Bumps the revision, then tells whether the commit landed. The answer is final. */
  readonly fenced: (changes: Changes) => Promise<Committed>
}

/** Commits of this many rows have a statement of their own, encoded while the previous one runs. */
const ownStatementRows = 24
/** The most organizations in one statement. */
const maxOrganizations = 16
/** Errors that the rows of one organization can cause, through triggers of the host's or locks. */
const ofOne = ['42P01', '57014', '55P03']

export function createSpeculativeCommit<Tx>({ connector, names, verdictTimeoutMs, fenced }: Parts<Tx>) {
  const toStatement = createSpeculativeText(names)
  const quarantine = createQuarantine()

  async function send({ text, parameters }: Statement): Promise<readonly string[]> {
    const [answer] = await connector.query(text, parameters)
    return committedIn(answer?.['committed'])
  }

  const batch = createBatcher(
    async (_: string, all: readonly Entry[]): Promise<readonly Committed[]> => {
      // Two commits of one organization would each assume what the other changes.
      const unique = all.filter((one, index) => all.findIndex(each => each.organizationId === one.organizationId) === index)
      const [first, ...others] = unique
      const ids = unique.map(({ organizationId }) => organizationId)
      const written = first ? await quarantine.watch(ids, send(toStatement(first, others))) : []
      return all.map(one => (unique.includes(one) && written.includes(one.organizationId) ? 'committed' : 'conflict'))
    },
    { maxItems: maxOrganizations, isAlike: error => isLost(error) || (isOutOfReach(explained(error)) && !isOfOne(error)) },
  )

  async function write(one: Entry, after: Promise<unknown> | undefined): Promise<Committed> {
    if (countOf(one.rows) < ownStatementRows) {
      await after
      return batch(`${kindOf(one)}${quarantine.has(one.organizationId) ? ` of ${one.organizationId}` : ''}`, one)
    }
    const statement = toStatement(one)
    await after
    return (await send(statement)).length > 0 ? 'committed' : 'conflict'
  }

  /**
   * Assumptions that do not hold bump no revision. A statement that is still on its way fails once the clock has moved on by
   * `maxDriftMs`, so the outcome of a lost connection is asked for after that.
   */
  return async (changes: Changes, assumptions: Assumptions, after?: Promise<unknown>): Promise<Committed> => {
    const { organizationId, expireBefore } = changes
    try {
      return await write({ organizationId, rows: rowsOf(changes), assumptions, expireBefore }, after)
    } catch (error) {
      // A locked row is a conflict here: the commit that follows a read waits longer for it.
      if (isConflict(error) || isDuplicate(error) || codeOf(error) === '55P03') return 'conflict'
      if (!isLost(error)) throw explained(error)
      await sleep(2 * maxDriftMs)
      return resolveInDoubt(() => fenced(changes), verdictTimeoutMs)
    }
  }
}

const isOfOne = (error: unknown): boolean => ofOne.includes(codeOf(error) ?? '')
