// Work of a kind that comes while other is under way goes together, as one statement, when one of those has ended.
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

/** Milliseconds: a statement that takes longer holds up no other. */
export const slowMs = 100

/** A database that is out of reach is so for each of them. */
export const isOutOfReach = (error: unknown): boolean => ['unavailable', 'not_migrated'].includes(codeOf(error) ?? '')

interface BatcherOptions {
  /** Statements of a kind at once, slow ones aside. Default 2. */
  readonly atOnce?: number
  /** Pieces of work in a statement. Default 32. */
  readonly maxItems?: number
  /** Whether an error is each one's, and not that of one of them. Default: when the database is out of reach. */
  readonly isAlike?: (error: unknown) => boolean
}

/** `run` puts many items of a kind into one statement, and answers in their order. */
export function createBatcher<T, R>(
  run: (kind: string, items: readonly T[]) => Promise<readonly R[]>,
  { atOnce = 2, maxItems: most = 32, isAlike = isOutOfReach }: BatcherOptions = {},
) {
  const kinds = new Map<string, Kind<T, R>>()

  async function serve(name: string, kind: Kind<T, R>): Promise<void> {
    kind.running += 1
    // Callers that were answered together come back in step: the first takes the others along.
    await null
    while (kind.waiting.length > 0) await within(settle(name, kind.waiting.splice(0, most)), slowMs)
    kind.running -= 1
    if (kind.running === 0) kinds.delete(name)
  }

  async function settle(name: string, batch: readonly Waiting<T, R>[]): Promise<void> {
    const items = batch.map(({ item }) => item)
    try {
      const results = await run(name, items)
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R)
    } catch (error) {
      // One of several may be poisoned: then each goes alone.
      if (batch.length === 1 || isAlike(error)) for (const { reject } of batch) reject(error)
      else await Promise.all(batch.map(one => settle(name, [one])))
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
