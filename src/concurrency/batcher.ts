// One request at a time: what comes while one is under way goes together in the next. The same idea as the line of
// commits, for the relay's settlements.

export interface Pause {
  /** Milliseconds between the beginnings of two requests, so that more can come along. */
  readonly ms: number
  /** False when nobody else is about to come: then nothing is waited for. */
  readonly isWorthIt: () => boolean
}

const none: Pause = { ms: 0, isWorthIt: () => false }

/** Groups calls: `run` gets many items and answers in order. */
export function createBatcher<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>, pause = none) {
  let waiting: { readonly item: T; readonly resolve: (result: R) => void; readonly reject: (error: unknown) => void }[] = []
  let isRunning = false
  let last = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  async function serve(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    isRunning = true
    last = performance.now()
    const batch = waiting
    waiting = []
    try {
      const results = await run(batch.map(({ item }) => item))
      for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    isRunning = false
    if (waiting.length > 0) soon()
  }

  function soon(): void {
    const left = pause.isWorthIt() ? last + pause.ms - performance.now() : 0
    if (left <= 0) void serve()
    else timer ??= setTimeout(serve, left)
  }

  return (item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isRunning) soon()
    })
}
