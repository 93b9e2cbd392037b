// Batches calls: one request runs at a time, and the calls that come meanwhile share the next one.

export interface BatchPause {
  /** Milliseconds between the starts of two requests, so that more calls share one. */
  readonly ms: number
  /** Whether more calls are about to come; if not, the next request starts at once. */
  readonly isWorthIt: () => boolean
}

const noPause: BatchPause = { ms: 0, isWorthIt: () => false }

/** `run` gets the items of many calls and answers in their order. If it fails, each of these calls fails. */
export function createBatcher<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>, pause = noPause) {
  let waiting: { readonly item: T; readonly resolve: (result: R) => void; readonly reject: (error: unknown) => void }[] = []
  let isRunning = false
  let lastStart = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  async function runBatch(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    isRunning = true
    lastStart = performance.now()
    const batch = waiting
    waiting = []
    try {
      const results = await run(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    isRunning = false
    if (waiting.length > 0) schedule()
  }

  function schedule(): void {
    const left = pause.isWorthIt() ? lastStart + pause.ms - performance.now() : 0
    if (left <= 0) void runBatch()
    else timer ??= setTimeout(runBatch, left)
  }

  return (item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isRunning) schedule()
    })
}
