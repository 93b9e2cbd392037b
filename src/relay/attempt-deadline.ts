// Tries under way: each has a signal, and is told by it when its time is over or the relay will wait no longer.

/** Milliseconds that what is under way may go on for when the relay is told to stop. */
export const graceMs = 5000
/** Milliseconds that is waited for what was told to end. */
const abortGraceMs = 1000

export interface AttemptDeadlines {
  /** Runs work that is told to end after so many milliseconds, or when the relay stops. */
  run<T>(milliseconds: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Whether the relay has told all of them to end: nothing more is to be begun. */
  readonly areOver: () => boolean
  end(): void
  resume(): void
}

export function createAttemptDeadlines(): AttemptDeadlines {
  const all = new Set<AbortController>()
  let areOver = false
  return {
    async run(milliseconds, work) {
      const limit = new AbortController()
      const timer = setTimeout(() => limit.abort(new DOMException('out of time', 'TimeoutError')), milliseconds)
      all.add(limit)
      try {
        return await work(limit.signal)
      } finally {
        clearTimeout(timer)
        all.delete(limit)
      }
    },
    areOver: () => areOver,
    end() {
      areOver = true
      for (const limit of all) limit.abort(new DOMException('the relay is stopping', 'AbortError'))
    },
    resume() {
      areOver = false
    },
  }
}

export const isStopped = ({ aborted, reason }: AbortSignal): boolean => aborted && reason?.name === 'AbortError'

const left = new WeakSet<Error>()

/** It was told to end, and nobody knows what became of it. */
export const isLeftAlone = (error: unknown): boolean => error instanceof Error && left.has(error)

function leftAlone(): Error {
  const error = new Error('gave no answer before the relay stopped')
  left.add(error)
  return error
}

/** What never settles is given up in time to say so; what has no time left is not begun. */
export function untilAborted<T>(signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error('gave no answer in time'))
    if (signal.aborted) return late()
    let timer: NodeJS.Timeout | undefined
    const stop = () => {
      if (isStopped(signal)) timer = setTimeout(() => reject(leftAlone()), abortGraceMs)
      else late()
    }
    signal.addEventListener('abort', stop, { once: true })
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
    }
    Promise.resolve(work()).then(resolve, reject).finally(end)
  })
}
