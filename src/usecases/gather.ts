// One request at a time: what comes while one is under way goes together in the next. The same idea as the line of
// commits, for the relay's questions and settlements.

/** Groups calls: `run` gets many items and answers in order. */
export function createGather<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>) {
  let waiting: { readonly item: T; readonly resolve: (result: R) => void; readonly reject: (error: unknown) => void }[] = []
  let isRunning = false

  async function serve(): Promise<void> {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        const results = await run(batch.map(({ item }) => item))
        for (const [index, { resolve }] of batch.entries()) resolve(results[index] as R)
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    isRunning = false
  }

  return (item: T): Promise<R> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!isRunning) void serve()
    })
}
