// Waits that end: for a connection of the pool, for a turn among our own transactions, for a library that cannot tell.
import { codeOf, storageError } from '../sql/errors.ts'
import type { Connector } from './connector.ts'

/**
 * A connector whose own statements answer within `patience` milliseconds and whose own transactions begin within it,
 * or end as `unavailable`: libraries queue for a connection without telling, some of them for ever.
 */
export function withPatience<Tx>(connector: Connector<Tx>, patience: number): Connector<Tx> {
  // A pool whose every connection waits for one more of the same pool waits for ever.
  const slots = createSlots(Math.max(1, (connector.connections ?? 10) - 1))

  async function transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const free = await slots(patience)
    const state = { begun: () => {}, late: false }
    const begun = new Promise<void>(resolve => {
      state.begun = resolve
    })
    const whole = connector
      .transaction(async tx => {
        // Nobody waits for it any more: it is rolled back.
        if (state.late) throw new Error('a connection came too late')
        state.begun()
        const result = await work(tx)
        await assertSound(connector, tx)
        return result
      })
      .finally(free)
    const settled = whole.then(
      () => {},
      () => {},
    )
    if (
      (await within(
        Promise.race([begun, settled]).then(() => true),
        patience,
      )) !== null
    )
      return whole
    state.late = true
    throw storageError('unavailable', poolEmpty(patience))
  }

  return {
    query: (text, parameters, tx) =>
      tx === undefined ? inTime(connector.query(text, parameters), patience) : connector.query(text, parameters, tx),
    transaction,
    close: async () => connector.close?.(),
  }
}

/** What failed and was caught inside has undone everything, and COMMIT would say nothing: Postgres answers it with ROLLBACK. */
async function assertSound<Tx>(connector: Connector<Tx>, tx: Tx): Promise<void> {
  try {
    await connector.query(`select 'sound' as state`, [], tx)
  } catch (error) {
    throw codeOf(error) === '25P02' ? new Error(undone, { cause: error }) : error
  }
}

export const undone = 'a statement failed inside the transaction and its error was caught: nothing was committed'

export const poolEmpty = (patience: number) =>
  `no database connection became free in ${patience} ms; a call inside your own transaction must be given its \`tx\``

async function inTime<T>(answer: Promise<T>, patience: number): Promise<T> {
  const boxed = await within(
    answer.then(value => ({ value })),
    patience,
  )
  if (boxed !== null) return boxed.value
  throw storageError('unavailable', `the database gave no answer in ${patience} ms: ${poolEmpty(patience)}`)
}

/** What the promise gives, or null after so many milliseconds; what it does later is of no interest. */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => {
    timer = setTimeout(resolve, milliseconds, null)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** At most `count` at once, first come first served; each is given a function that ends its turn. */
export function createSlots(count: number): (patience: number) => Promise<() => void> {
  const waiting: (() => void)[] = []
  let free = count
  const end = () => {
    const next = waiting.shift()
    if (next) next()
    else free += 1
  }
  return async patience => {
    if (free > 0) {
      free -= 1
      return end
    }
    let turn = () => {}
    const mine = new Promise<true>(resolve => {
      turn = () => resolve(true)
    })
    waiting.push(turn)
    if ((await within(mine, patience)) === true) return end
    const place = waiting.indexOf(turn)
    // Called in the very moment of giving up: the turn goes on to the next.
    if (place === -1) end()
    else waiting.splice(place, 1)
    throw storageError('unavailable', poolEmpty(patience))
  }
}
