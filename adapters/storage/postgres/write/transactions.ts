// Our own units: a commit in one statement, with the host's work in its transaction, or behind the organization's lock.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Changes, CommitOptions, Committed } from '../../../../src/core.ts'
import type { Connector } from '../../connectors/connector.ts'
import { storageError } from '../../sql/errors.ts'
import type { Names } from '../../sql/tables.ts'
import { explained, isConflict, isDuplicate, isLost } from '../errors.ts'
import { createCommit } from './commit.ts'
import { landedQuery, resolveInDoubt } from './in-doubt.ts'
import { createLock } from './lock.ts'

type Ended<T> = { readonly value: T } | { readonly undone: unknown }

/** Tries behind the lock. */
const maxTries = 5

/** `lockTimeoutMs`: how long to wait for a lock, and for the verdict on a commit that the connection was lost in. */
export function createTransactions<Tx>(connector: Connector<Tx>, names: Names, lockTimeoutMs: number) {
  const toCommit = createCommit(names)
  const lockTimeout = `${lockTimeoutMs}ms`
  const lock = createLock(names, lockTimeout)
  /** What was written behind the lock, by transaction, until it has ended. */
  const exclusive = new Map<Tx, Changes[]>()

  /** The rows are encoded now, not when a connection is free: what the caller changes meanwhile is not stored. */
  function writerOf(changes: Changes, ours: boolean): (tx?: Tx) => Promise<Committed> {
    const { text, parameters } = toCommit(changes, ours ? lockTimeout : null)
    return async tx => {
      const [answer] = await connector.query(text, parameters, tx)
      return answer?.['committed'] === '1' ? 'committed' : 'conflict'
    }
  }

  /** In the host's transaction everything throws: after an error it is dead, and only the host can begin another. */
  async function join(changes: Changes, tx: Tx, within: CommitOptions<Tx>['beforeCommit']): Promise<Committed> {
    const write = writerOf(changes, false)
    const answer = await write(tx).catch(rethrow)
    if (answer === 'conflict') return answer
    exclusive.get(tx)?.push(changes)
    await within?.(tx)
    return answer
  }

  async function alone(changes: Changes): Promise<Committed> {
    const write = writerOf(changes, true)
    const loses = (error: unknown) => isConflict(error) || isDuplicate(error)
    // The same once more: it lands now, or somebody passed the revision, perhaps we.
    const verdict = async () => ((await orConflict(write, loses)) === 'committed' ? 'committed' : landed(changes))
    try {
      return await orConflict(write, loses)
    } catch (error) {
      if (isLost(error)) return resolveInDoubt(verdict, lockTimeoutMs)
      throw explained(error)
    }
  }

  async function withHost(changes: Changes, within: (tx: Tx) => void | Promise<void>): Promise<Committed> {
    const theirs = createWatch()
    const write = writerOf(changes, true)
    let written = false
    let ending = false
    try {
      // After a conflict there is nothing to roll back, and the host is not asked.
      return await connector.transaction(async own => {
        if ((await write(own)) === 'conflict') return 'conflict'
        written = true
        await theirs.watch(() => within(own))
        ending = true
        return 'committed'
      })
    } catch (error) {
      if (ending && isLost(error)) return resolveInDoubt(() => fenced(changes), lockTimeoutMs)
      // A duplicate of the host's own making, in `within`, is the host's to hear of.
      if (isConflict(error) || (!written && isDuplicate(error))) return 'conflict'
      throw theirs.threw(error) ? error : explained(error)
    }
  }

  /** Passes the revision first: what was sent has then landed, or never will. */
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
    for (let tries = 1; ; tries += 1) {
      const end = await behindLock(organizationId, work)
      if ('value' in end) return end.value
      if (tries === maxTries) throw storageError('unavailable', 'a deadlock, or a serialization failure; try again', end.undone)
      await sleep(Math.random() * 2 ** (tries + 3))
    }
  }

  async function behindLock<T>(organizationId: string, work: (tx: Tx) => Promise<T>): Promise<Ended<T>> {
    const theirs = createWatch()
    const written: Changes[] = []
    const done: { value: T }[] = []
    try {
      return await connector.transaction(async tx => {
        await lock.take(organizationId, (text, parameters) => connector.query(text, parameters, tx))
        exclusive.set(tx, written)
        const end = { value: await theirs.watch(() => work(tx)).finally(() => exclusive.delete(tx)) }
        done.push(end)
        return end
      })
    } catch (error) {
      const [end] = done
      if (end && isLost(error)) return (await stands(written)) ? end : { undone: error }
      if (isConflict(error)) return { undone: error }
      throw theirs.threw(error) ? error : explained(error)
    }
  }

  /** Is what was written there? The first row tells, for all of them went with one COMMIT. */
  async function stands([first]: readonly Changes[]): Promise<boolean> {
    return first === undefined || (await resolveInDoubt(() => fenced(first), lockTimeoutMs)) === 'committed'
  }

  return {
    lock,
    withLock,
    fenced,
    commit(changes: Changes, { tx, beforeCommit }: CommitOptions<Tx> = {}): Promise<Committed> {
      if (tx !== undefined) return join(changes, tx, beforeCommit)
      return beforeCommit ? withHost(changes, beforeCommit) : alone(changes)
    },
  }
}

async function orConflict(write: () => Promise<Committed>, loses: (error: unknown) => boolean): Promise<Committed> {
  try {
    return await write()
  } catch (error) {
    if (loses(error)) return 'conflict'
    throw error
  }
}

function rethrow(error: unknown): never {
  throw explained(error)
}

/** Tells what the host's own code threw from what the database did around it. */
interface Watch {
  readonly watch: <T>(work: () => T | Promise<T>) => Promise<T>
  readonly threw: (error: unknown) => boolean
}

function createWatch(): Watch {
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
