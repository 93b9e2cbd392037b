// Starts requests in the order in which they come: each waits until the one before it has ended, but at most 250 ms.

/** How long a slow request delays the next one. */
const maxDelayMs = 250

/** A work whose signal aborts before its turn is not started, and its promise rejects with the signal's reason. */
export function createInOrder() {
  let previous: Promise<void> = Promise.resolve()

  return <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const turn = previous
    const result = new Promise<T>((resolve, reject) => {
      const abort = () => reject(signal.reason)
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      void turn.then(() => {
        signal.removeEventListener('abort', abort)
        if (!signal.aborted) work().then(resolve, reject)
      })
    })
    previous = turn.then(() => settledOrLate(result))
    return result
  }
}

function settledOrLate(work: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, maxDelayMs)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    work.then(end, end)
  })
}
