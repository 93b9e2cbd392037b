// So many at once, so many in a second: per transport, so that a slow one holds up nobody else.

export interface Pace {
  readonly maxInFlight?: number | undefined
  readonly perSecond?: number | undefined
}

/** Runs work as the pace allows, in order of arrival. */
export function createThrottle({ maxInFlight = 5, perSecond }: Pace) {
  const waiting: (() => void)[] = []
  let running = 0
  let nextStart = 0

  const enter = async () => {
    if (running >= maxInFlight) await new Promise<void>(resolve => waiting.push(resolve))
    else running += 1
    if (perSecond === undefined) return
    const start = Math.max(performance.now(), nextStart)
    nextStart = start + 1000 / perSecond
    await new Promise(resolve => setTimeout(resolve, start - performance.now()))
  }
  const leave = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return async <T>(work: () => Promise<T>): Promise<T> => {
    await enter()
    try {
      return await work()
    } finally {
      leave()
    }
  }
}
