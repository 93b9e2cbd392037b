// Questions of a kind that come while others are under way go together, as one statement, when one of those has ended.
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

/** Statements of a kind at once: a slow one must not hold up all that come after it. */
const atOnce = 2
/** Questions in a statement. */
const most = 32

/** `run` puts many items to one text, and answers in their order. */
export function createGather<T, R>(run: (text: string, items: readonly T[]) => Promise<readonly R[]>) {
  const kinds = new Map<string, Kind<T, R>>()

  async function serve(text: string, kind: Kind<T, R>): Promise<void> {
    kind.running += 1
    while (kind.waiting.length > 0) await settle(text, kind.waiting.splice(0, most))
    kind.running -= 1
    if (kind.running === 0) kinds.delete(text)
  }

  async function settle(text: string, batch: readonly Waiting<T, R>[]): Promise<void> {
    const items = batch.map(({ item }) => item)
    try {
      const results = await run(text, items)
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R)
    } catch (error) {
      // One of several may be poisoned: then each goes alone. A database that is out of reach is so for each of them.
      const isAlike = batch.length === 1 || ['unavailable', 'not_migrated'].includes(codeOf(error) ?? '')
      if (isAlike) for (const { reject } of batch) reject(error)
      else for (const one of batch) await settle(text, [one])
    }
  }

  return (text: string, item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      const kind = kinds.get(text) ?? { waiting: [], running: 0 }
      kinds.set(text, kind)
      kind.waiting.push({ item, resolve, reject })
      if (kind.running < atOnce) void serve(text, kind)
    })
}
