// Commits: alone in one statement, in a transaction of the host's, around the host's `beforeCommit`, or holding the
// organization's lock.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Changes, CommitOptions, Committed } from '../../../../src/core.ts'
import type { Connector } from '../../connectors/connector.ts'
import { storageError } from '../../sql/errors.ts'
import type { Names } from '../../sql/tables.ts'
import { explained, isConflict, isDuplicate, isLost } from '../errors.ts'
import { createCommit } from './commit.ts'
import { landedQuery, resolveInDoubt } from './in-doubt.ts'
import { createLock } from './lock.ts'

type Ended<T> = { readonly value: T } | { readonly rolledBack: unknown }

/** How often work with the lock is attempted. */
const maxAttempts = 5

/** `lockTimeoutMs`: how long to wait for a lock, and for the outcome of a commit whose connection was lost. */
export function createTransactions<Tx>(connector: Connector<Tx>, names: Names, lockTimeoutMs: number) {
  const toCommit = createCommit(names)
  const lockTimeout = `${lockTimeoutMs}ms`
  const lock = createLock(names, lockTimeout)
  /** What was written with the lock, by transaction, until it has ended. */
  const exclusive = new Map<Tx, Changes[]>()

  /** Encodes the rows at once, not when a connection is free, so that later changes by the caller are not stored. */
  function writerOf(changes: Changes, ours: boolean): (tx?: Tx) => Promise<Committed> {
    const { text, parameters } = toCommit(changes, ours ? lockTimeout : null)
    return async tx => {
      const [answer] = await connector.query(text, parameters, tx)
      return answer?.['committed'] === '1' ? 'committed' : 'conflict'
    }
  }

  /** Every error is thrown: after it the host's transaction has failed, and only the host can begin another. */
  async function commitJoined(changes: Changes, tx: Tx, beforeCommit: CommitOptions<Tx>['beforeCommit']): Promise<Committed> {
    const write = writerOf(changes, false)
    const answer = await write(tx).catch(rethrow)
    if (answer === 'conflict') return answer
    exclusive.get(tx)?.push(changes)
    await beforeCommit?.(tx)
    return answer
  }

  async function commitAlone(changes: Changes): Promise<Committed> {
    const write = writerOf(changes, true)
    const isLoser = (error: unknown) => isConflict(error) || isDuplicate(error)
    // The same statement again: it commits now, or the revision was passed, perhaps by the first attempt.
    const outcome = async () => ((await asConflict(write, isLoser)) === 'committed' ? 'committed' : landed(changes))
    try {
      return await asConflict(write, isLoser)
    } catch (error) {
      if (isLost(error)) return resolveInDoubt(outcome, lockTimeoutMs)
      throw explained(error)
    }
  }

  async function commitWithHost(changes: Changes, beforeCommit: (tx: Tx) => void | Promise<void>): Promise<Committed> {
    const hostErrors = createHostErrors()
    const write = writerOf(changes, true)
    let written = false
    let ending = false
    try {
      // On a conflict nothing was written, and `beforeCommit` is not called.
      return await connector.transaction(async own => {
        if ((await write(own)) === 'conflict') return 'conflict'
        written = true
        await hostErrors.watch(() => beforeCommit(own))
        ending = true
        return 'committed'
      })
    } catch (error) {
      if (ending && isLost(error)) return resolveInDoubt(() => fenced(changes), lockTimeoutMs)
      // A duplicate of the host's own making, in `beforeCommit`, is the host's to hear of.
      if (isConflict(error) || (!written && isDuplicate(error))) return 'conflict'
      throw hostErrors.threw(error) ? error : explained(error)
    }
  }

  /** Bumps the revision first: what was sent has then landed, or never will. */
  async function fenced(changes: Changes): Promise<Committed> {
    await connector.query(lock.bumpText, [changes.organizationId, null, lockTimeout])
    return landed(changes)
  }

  async function landed(changes: Changes): Promise<Committed> {
    const query = landedQuery(names, changes)
    const [row] = query ? await connector.query(query.text, query.parameters) : []
    return row?.['landed'] === 'true' ? 'committed' : 'conflict'
  }

  /** After a deadlock, or a connection lost before anything landed, `work` runs again in a transaction of its own. */
  async function withLock<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempts = 1; ; attempts += 1) {
      const end = await attemptWithLock(organizationId, work)
      if ('value' in end) return end.value
      if (attempts === maxAttempts)
        throw storageError('unavailable', 'a deadlock, or a serialization failure; try again', end.rolledBack)
      await sleep(Math.random() * 2 ** (attempts + 3))
    }
  }

  async function attemptWithLock<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<Ended<T>> {
    const hostErrors = createHostErrors()
    const written: Changes[] = []
    const done: { value: T }[] = []
    try {
      return await connector.transaction(async tx => {
        await lock.take(organizationId, (text, parameters) => connector.query(text, parameters, tx))
        exclusive.set(tx, written)
        const end = { value: await hostErrors.watch(() => work(tx)).finally(() => exclusive.delete(tx)) }
        done.push(end)
        return end
      })
    } catch (error) {
      const [end] = done
      if (end && isLost(error)) return (await hasLanded(written)) ? end : { rolledBack: error }
      if (isConflict(error)) return { rolledBack: error }
      throw hostErrors.threw(error) ? error : explained(error)
    }
  }

  /** Whether the transaction landed. The first commit is enough, since one COMMIT ended all of them. */
  async function hasLanded([first]: readonly Changes[]): Promise<boolean> {
    return first === undefined || (await resolveInDoubt(() => fenced(first), lockTimeoutMs)) === 'committed'
  }

  return {
    lock,
    withLock,
    fenced,
    commit(changes: Changes, { tx, beforeCommit }: CommitOptions<Tx> = {}): Promise<Committed> {
      if (tx !== undefined) return commitJoined(changes, tx, beforeCommit)
      return beforeCommit ? commitWithHost(changes, beforeCommit) : commitAlone(changes)
    },
  }
}

async function asConflict(write: () => Promise<Committed>, isLoser: (error: unknown) => boolean): Promise<Committed> {
  try {
    return await write()
  } catch (error) {
    if (isLoser(error)) return 'conflict'
    throw error
  }
}

function rethrow(error: unknown): never {
  throw explained(error)
}

/** Distinguishes errors that the host's code threw from those of the database around it. */
interface HostErrors {
  readonly watch: <T>(work: () => T | Promise<T>) => Promise<T>
  readonly threw: (error: unknown) => boolean
}

function createHostErrors(): HostErrors {
  const thrown: unknown[] = []
  return {
    async watch(work) {
      try {
        return await work()
      } catch (error) {
        thrown.push(error)
        throw error
      }
    },
    threw: error => thrown.includes(error),
  }
}
