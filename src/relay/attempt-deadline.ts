// Attempts under way: each has a signal, which aborts when its time is over or when the relay stops and waits no longer.

/** Milliseconds that attempts under way may go on for when the relay is told to stop. */
export const graceMs = 5000
/** Milliseconds that the relay waits for what it has aborted. */
const abortGraceMs = 1000

export interface AttemptDeadlines {
  /** Runs work whose signal aborts after so many milliseconds, or when the relay stops. */
  run<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Whether `end` was called: until `resume`, nothing more is to be begun. */
  readonly areOver: () => boolean
  /** Aborts all attempts under way. */
  end(): void
  resume(): void
}

export function createAttemptDeadlines(): AttemptDeadlines {
  const controllers = new Set<AbortController>()
  let areOver = false
  return {
    async run(ms, work) {
      const controller = new AbortController()
      // Not `AbortSignal.timeout`: its timer lets the process end while an attempt is still waited for.
      const timer = setTimeout(() => controller.abort(new DOMException('out of time', 'TimeoutError')), ms)
      controllers.add(controller)
      try {
        return await work(controller.signal)
      } finally {
        clearTimeout(timer)
        controllers.delete(controller)
      }
    },
    areOver: () => areOver,
    end() {
      areOver = true
      for (const controller of controllers) controller.abort(new DOMException('the relay is stopping', 'AbortError'))
    },
    resume() {
      areOver = false
    },
  }
}

/** Whether it was aborted because the relay stops, and not because its time is over. */
export const isStopped = ({ aborted, reason }: AbortSignal): boolean => aborted && reason?.name === 'AbortError'

const leftAloneErrors = new WeakSet<Error>()

/** Aborted and did not end within the grace period: its outcome is unknown, so it is left to its lease. */
export const isLeftAlone = (error: unknown): boolean => error instanceof Error && leftAloneErrors.has(error)

function leftAlone(): Error {
  const error = new Error('gave no answer before the relay stopped')
  leftAloneErrors.add(error)
  return error
}

/** Rejects when the signal aborts before the work has settled, so that the end of the attempt can still be written down. */
export function untilAborted<T>(signal: AbortSignal, work: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const rejectLate = () => reject(new Error('gave no answer in time'))
    if (signal.aborted) return rejectLate()
    let timer: NodeJS.Timeout | undefined
    const onAbort = () => {
      if (isStopped(signal)) timer = setTimeout(() => reject(leftAlone()), abortGraceMs)
      else rejectLate()
    }
    signal.addEventListener('abort', onAbort, { once: true })
    const cleanUp = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    }
    Promise.resolve(work()).then(resolve, reject).finally(cleanUp)
  })
}
