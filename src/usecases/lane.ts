// One lane for each target: so many under way at once, begun so many in a second, the others in line. A slow one holds up
// nobody else.

export interface Pace {
  readonly maxInFlight?: number | undefined
  readonly perSecond?: number | undefined
}

export interface Lane<Item, Result> {
  /** Settles when it was handed over, in order of arrival; null when it was taken out of the line. */
  add(item: Item): Promise<Result | null>
  /** Takes those out of the line that are wanted back. */
  takeOut(isWanted: (item: Item) => boolean): readonly Item[]
  /** Under way, and in line. */
  readonly size: () => number
  readonly maxInFlight: number
}

interface Waiting<Item, Result> {
  readonly item: Item
  readonly resolve: (result: Result | null) => void
  readonly reject: (error: unknown) => void
}

/** `handOver` is told who comes next, as many as will soon be under way. `ended` is called when there is one less. */
export function createLane<Item, Result>(
  { maxInFlight = 5, perSecond }: Pace,
  handOver: (item: Item, behind: () => readonly Item[]) => Promise<Result>,
  ended: () => void,
): Lane<Item, Result> {
  let line: Waiting<Item, Result>[] = []
  let running = 0
  let nextStart = 0
  const behind = () => line.slice(0, maxInFlight * 2).map(({ item }) => item)

  function serve(): void {
    while (running < maxInFlight) {
      const next = line.shift()
      if (next === undefined) return
      running += 1
      void serveOne(next)
    }
  }

  async function serveOne({ item, resolve, reject }: Waiting<Item, Result>): Promise<void> {
    if (perSecond !== undefined) await turn(perSecond)
    const [end] = await Promise.allSettled([handOver(item, behind)])
    running -= 1
    // Whoever is next begins before the end of this one is heard: what comes after an end finds the lane as busy as it is.
    serve()
    ended()
    if (end.status === 'fulfilled') resolve(end.value)
    else reject(end.reason)
  }

  async function turn(perSecond: number): Promise<void> {
    const start = Math.max(performance.now(), nextStart)
    nextStart = start + 1000 / perSecond
    await new Promise(resolve => setTimeout(resolve, start - performance.now()))
  }

  return {
    maxInFlight,
    size: () => running + line.length,
    add: item =>
      new Promise((resolve, reject) => {
        line.push({ item, resolve, reject })
        serve()
      }),
    takeOut(isWanted) {
      const out = line.filter(({ item }) => isWanted(item))
      line = line.filter(({ item }) => !isWanted(item))
      for (const { resolve } of out) resolve(null)
      return out.map(({ item }) => item)
    },
  }
}
