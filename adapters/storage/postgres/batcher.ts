// Batches concurrent calls of the same kind into one statement. Calls that arrive while statements run wait for the next batch.
import { within } from '../connectors/deadline.ts'
import { codeOf } from '../sql/errors.ts'

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

interface Kind<T, R> {
  readonly waiting: Waiting<T, R>[]
  running: number
}

/** A statement that takes longer than this no longer delays the next batch. */
export const slowMs = 100

/** Whether the database cannot be reached, which is the same error for every item. */
export const isOutOfReach = (error: unknown): boolean => ['unavailable', 'not_migrated'].includes(codeOf(error) ?? '')

interface BatcherOptions {
  /** The most statements of a kind at once, not counting slow ones. Default 2. */
  readonly atOnce?: number
  /** The most items in a statement. Default 32. */
  readonly maxItems?: number
  /** Whether an error concerns every item. Otherwise each item is run again by itself. Default: the database is out of reach. */
  readonly isAlike?: (error: unknown) => boolean
}

/** `run` runs the items of one kind in one statement and returns their results in order. */
export function createBatcher<T, R>(
  run: (kind: string, items: readonly T[]) => Promise<readonly R[]>,
  { atOnce = 2, maxItems = 32, isAlike = isOutOfReach }: BatcherOptions = {},
) {
  const kinds = new Map<string, Kind<T, R>>()

  async function serve(name: string, kind: Kind<T, R>): Promise<void> {
    kind.running += 1
    // Callers of one batch usually call again in the same tick; waiting for its end lets them share the next batch.
    await null
    while (kind.waiting.length > 0) await within(runBatch(name, kind.waiting.splice(0, maxItems)), slowMs)
    kind.running -= 1
    if (kind.running === 0) kinds.delete(name)
  }

  async function runBatch(name: string, batch: readonly Waiting<T, R>[]): Promise<void> {
    const items = batch.map(({ item }) => item)
    try {
      const results = await run(name, items)
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R)
    } catch (error) {
      // One bad item fails the whole statement, so each is run alone.
      if (batch.length === 1 || isAlike(error)) for (const { reject } of batch) reject(error)
      else await Promise.all(batch.map(one => runBatch(name, [one])))
    }
  }

  return (name: string, item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      const kind = kinds.get(name) ?? { waiting: [], running: 0 }
      kinds.set(name, kind)
      kind.waiting.push({ item, resolve, reject })
      if (kind.running < atOnce) void serve(name, kind)
    })
}
