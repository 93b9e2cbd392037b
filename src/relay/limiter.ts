// One lane for each target: so many under way at once, begun so many in a second, the others in line. A slow one holds up
// nobody else.

export interface Pace {
  readonly maxInFlight?: number | undefined
  readonly perSecond?: number | undefined
}

export interface LimiterParts<Item, Result> {
  /** Told who comes next, as many as will soon be under way. */
  readonly deliver: (item: Item, behind: () => readonly Item[]) => Promise<Result>
  /** Of one series none is begun before the one ahead of it has ended. */
  readonly seriesOf: (item: Item) => string | null
  /** `performance.now()` until which it can be begun. */
  readonly latest: (item: Item) => number
  /** Called when there is one less. */
  readonly slotFreed: () => void
}

export interface Limiter<Item, Result> {
  /** Settles when it was handed over, in order of arrival; null when it was taken out of the line, or came too late. */
  add(item: Item): Promise<Result | null>
  /** Takes those out of the line that are wanted back. */
  takeOut(isWanted: (item: Item) => boolean): void
  /** Under way, and in line. */
  readonly size: () => number
  readonly maxInFlight: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result | null) => void
  readonly reject: (error: unknown) => void
}

export function createLimiter<Item, Result>(
  { maxInFlight = 5, perSecond }: Pace,
  { deliver: handOver, seriesOf, latest, slotFreed: ended }: LimiterParts<Item, Result>,
): Limiter<Item, Result> {
  let line: Waiting<Item, Result>[] = []
  let running = 0
  const underWay = new Set<string>()
  let nextStart = 0
  let pause: NodeJS.Timeout | undefined
  let watch: NodeJS.Timeout | undefined
  const behind = () => line.slice(0, maxInFlight * 3).map(({ item }) => item)

  function serve(): void {
    while (running < maxInFlight) {
      const first = line.findIndex(({ item }) => !underWay.has(seriesOf(item) ?? ''))
      if (first === -1) break
      if (perSecond !== undefined && !isTurn(perSecond)) return
      for (const next of line.splice(first, 1)) void serveOne(next)
    }
    if (line.length === 0) rest()
  }

  function isTurn(perSecond: number): boolean {
    const now = performance.now()
    if (now >= nextStart) {
      nextStart = now + 1000 / perSecond
      return true
    }
    if (pause === undefined) {
      pause = setTimeout(() => {
        pause = undefined
        serve()
      }, nextStart - now)
    }
    return false
  }

  async function serveOne({ item, resolve, reject }: Waiting<Item, Result>): Promise<void> {
    const series = seriesOf(item)
    running += 1
    if (series !== null) underWay.add(series)
    const [end] = await Promise.allSettled([handOver(item, behind)])
    running -= 1
    if (series !== null) underWay.delete(series)
    // Whoever is next begins before the end of this one is heard: what comes after an end finds the lane as busy as it is.
    serve()
    ended()
    if (end.status === 'fulfilled') resolve(end.value)
    else reject(end.reason)
  }

  function takeOut(isWanted: (item: Item) => boolean): void {
    const out = line.filter(({ item }) => isWanted(item))
    line = line.filter(({ item }) => !isWanted(item))
    if (line.length === 0) rest()
    for (const { resolve } of out) resolve(null)
  }

  /** With nobody in line there is nothing to wait for, and no timer that keeps the process from ending. */
  function rest(): void {
    clearTimeout(pause)
    clearTimeout(watch)
    pause = undefined
    watch = undefined
  }

  /** Whoever waits too long is let go while there is time to give it back. */
  function watchOver(): void {
    const [first] = line
    if (watch !== undefined || !first) return
    watch = setTimeout(() => {
      watch = undefined
      takeOut(item => latest(item) <= performance.now())
      watchOver()
    }, latest(first.item) - performance.now())
    watch.unref()
  }

  return {
    maxInFlight,
    size: () => running + line.length,
    add: item =>
      new Promise((resolve, reject) => {
        line.push({ item, resolve, reject })
        serve()
        watchOver()
      }),
    takeOut,
  }
}
