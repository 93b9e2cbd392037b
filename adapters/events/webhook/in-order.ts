// Order without a traffic jam: each waits for the one before it, though not for long.

/** Milliseconds that a slow answer holds up the next event. */
const turnTimeoutMs = 250

/** Runs work in order of arrival, each begun when the one before has ended or has had its head start. */
export function createInOrder() {
  let before: Promise<void> = Promise.resolve()

  return <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
    const turn = before
    const done = new Promise<T>((resolve, reject) => {
      const stop = () => reject(signal.reason)
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop, { once: true })
      void turn.then(() => {
        signal.removeEventListener('abort', stop)
        if (!signal.aborted) work().then(resolve, reject)
      })
    })
    before = turn.then(() => settledOrLate(done))
    return done
  }
}

function settledOrLate(work: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, turnTimeoutMs)
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    work.then(end, end)
  })
}
