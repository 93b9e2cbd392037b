// Timeouts for connectors: for a free connection, for a slot among our own transactions, and for answers.
import { codeOf, storageError } from '../sql/errors.ts'
import type { Bounded, Connector, Timeouts } from './connector.ts'
import { givenUp, inTime, isGivenUp, within } from './deadline.ts'

/**
 * A connector whose own statements answer within `deadlineMs` and whose own transactions begin within `acquireTimeoutMs`, or end
 * as `unavailable`. Libraries queue for a connection, some of them for ever.
 */
export function withTimeouts<Tx>(
  connector: Connector<Tx>,
  { acquireTimeoutMs = 10_000, deadlineMs = 15_000 }: Timeouts = {},
): Bounded<Tx> {
  // One connection stays free: if every connection of a pool waits for another of the same pool, all wait for ever.
  const slots = createSlots(Math.max(1, (connector.connections ?? 10) - 1))
  /** Our own transactions, except slow ones. The host ends its own. */
  const own = new Set<Tx>()
  const advice = `, or no connection became free; ${needsTx}`

  const query: Connector<Tx>['query'] = (text, parameters, tx) => {
    if (tx === undefined) return inTime(connector.query(text, parameters), deadlineMs, advice)
    const answer = connector.query(text, parameters, tx)
    return own.has(tx) ? inTime(answer, deadlineMs) : answer
  }

  async function transaction<T>(work: (tx: Tx) => Promise<T>, { slow = false } = {}): Promise<T> {
    const free = await slots(acquireTimeoutMs)
    const begun = createGate()
    const worked = createGate()
    const state = { late: false, failure: null as { readonly error: unknown } | null }
    const whole = connector
      .transaction(async tx => {
        // The caller has given up, so it is rolled back.
        if (state.late) throw new Error('a connection came too late')
        begun.open()
        if (!slow) own.add(tx)
        try {
          const result = await work(tx)
          await assertSound(query, tx)
          return result
        } catch (error) {
          state.failure = { error }
          throw error
        } finally {
          own.delete(tx)
          worked.open()
        }
      })
      .finally(free)
    const finished = whole.then(
      () => true,
      () => true,
    )
    if ((await within(Promise.race([begun.opened, finished]), acquireTimeoutMs)) === null) {
      state.late = true
      throw storageError('unavailable', poolEmpty(acquireTimeoutMs))
    }
    await Promise.race([worked.opened, finished])
    // The library rolls back on the connection that has not answered, which may take for ever.
    if (state.failure && isGivenUp(state.failure.error)) throw state.failure.error
    if (slow || (await within(finished, deadlineMs)) !== null) return whole
    throw state.failure ? state.failure.error : givenUp(deadlineMs)
  }

  const { listen, checkTx } = connector
  return { query, transaction, ...(listen && { listen }), ...(checkTx && { checkTx }), close: async () => connector.close?.() }
}

/** After a failed statement whose error was caught, Postgres answers COMMIT with ROLLBACK and no error. This throws instead. */
async function assertSound<Tx>(query: Connector<Tx>['query'], tx: Tx): Promise<void> {
  try {
    await query(`select 'sound' as state`, [], tx)
  } catch (error) {
    throw codeOf(error) === '25P02' ? new Error(undone, { cause: error }) : error
  }
}

export const undone = 'a statement failed inside the transaction and its error was caught: nothing was committed'

const needsTx = 'a call inside your own transaction must be given its `tx`'

export const poolEmpty = (acquireTimeoutMs: number) =>
  `no database connection became free in ${acquireTimeoutMs} ms; ${needsTx}`

/** A promise, and the function that resolves it. */
export function createGate() {
  let open = () => {}
  const opened = new Promise<true>(resolve => {
    open = () => resolve(true)
  })
  return { opened, open: () => open() }
}

/** At most `count` at once, in order of arrival. Each gets a function that frees its slot. */
export function createSlots(count: number): (acquireTimeoutMs: number) => Promise<() => void> {
  const waiting: (() => void)[] = []
  let free = count
  const end = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  return async acquireTimeoutMs => {
    if (free > 0) {
      free -= 1
      return end
    }
    const { opened, open } = createGate()
    waiting.push(open)
    if ((await within(opened, acquireTimeoutMs)) === true) return end
    const index = waiting.indexOf(open)
    // The slot came just as the wait ended, so it goes to the next.
    if (index === -1) end()
    else waiting.splice(index, 1)
    throw storageError('unavailable', poolEmpty(acquireTimeoutMs))
  }
}
