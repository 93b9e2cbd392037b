// Two ways of doing the same, in turns: on a machine that others use too only their ratio means something.

/** One way of doing it. */
export interface Side {
  readonly name: string
  /** Before each slice, outside of the measured time; answers how many calls it has made ready, if that has an end. */
  readonly prepare?: (slice: number, wanted: number) => Promise<number | undefined> | number | undefined
  /** The nth call of the slice. */
  readonly call: (nth: number, slice: number) => Promise<unknown>
  /** What one call counts as. Default 1. */
  readonly weight?: number
}

export interface Pace {
  readonly callers: number
  /** Milliseconds of a slice. */
  readonly ms?: number
  /** Rounds, each with a slice of every side. */
  readonly rounds?: number
  /** Milliseconds of the first slice of every side, which is not counted. */
  readonly warmUp?: number
}

/** Rates per second, one for each round, by the name of the side. */
export type Rates = ReadonlyMap<string, readonly number[]>

/** A B A B …: one round that is not counted, then `rounds` that are. */
export async function inTurns(sides: readonly Side[], { callers, ms = 150, rounds = 6, warmUp = ms }: Pace): Promise<Rates> {
  const rates = new Map(sides.map(({ name }) => [name, [] as number[]]))
  const wanted = new Map<string, number>()
  for (let round = 0; round <= rounds; round += 1) {
    // Every other round goes backwards: whoever comes second meets what the first has left in caches and buffers.
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const { calls, seconds } = await slice(side, round, {
        callers,
        ms: round === 0 ? warmUp : ms,
        wanted: wanted.get(side.name) ?? (warmUp > ms ? 10_000 : 1500),
      })
      wanted.set(side.name, Math.ceil((calls / seconds) * (ms / 1000) * 2) + 300)
      if (round > 0) rates.get(side.name)?.push((calls * (side.weight ?? 1)) / seconds)
    }
  }
  return rates
}

interface Slice {
  readonly callers: number
  readonly ms: number
  readonly wanted: number
}

async function slice(side: Side, round: number, { callers, ms, wanted }: Slice): Promise<{ calls: number; seconds: number }> {
  const ready = (await side.prepare?.(round, wanted)) ?? Number.POSITIVE_INFINITY
  let calls = 0
  const begin = performance.now()
  const caller = async () => {
    while (performance.now() - begin < ms && calls < ready) await side.call(calls++, round)
  }
  await Promise.all(Array.from({ length: callers }, caller))
  return { calls, seconds: (performance.now() - begin) / 1000 }
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The ratios of two sides, round by round. */
export function ratios(rates: Rates, ours: string, theirs: string): readonly number[] {
  const other = rates.get(theirs) ?? []
  return (rates.get(ours) ?? []).map((rate, round) => rate / (other[round] ?? Number.NaN))
}

/** One line of what is printed. */
export interface Line {
  readonly what: string
  readonly ours: string
  readonly theirs: string
  readonly result: string
  /** What it should be, and whether it is. */
  readonly target?: { readonly text: string; readonly met: boolean } | undefined
}

export interface Compared {
  readonly what: string
  readonly rates: Rates
  /** Names of the two sides; default `invitekit` and `by hand`. */
  readonly sides?: readonly [ours: string, theirs: string]
  readonly atLeast?: number | undefined
}

export function compared({ what, rates, sides: [ours, theirs] = ['invitekit', 'by hand'], atLeast }: Compared): Line {
  const all = ratios(rates, ours, theirs)
  const middle = median(all)
  const perSecond = (name: string) => `${Math.round(median(rates.get(name) ?? [])).toLocaleString('en')}/s`
  return {
    what,
    ours: perSecond(ours),
    theirs: perSecond(theirs),
    result: `${middle.toFixed(2)} (${Math.min(...all).toFixed(2)}–${Math.max(...all).toFixed(2)})`,
    target: atLeast === undefined ? undefined : { text: `≥ ${atLeast}`, met: middle >= atLeast },
  }
}

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], lines: readonly Line[]): string {
  const rows = lines.map(({ what, ours, theirs, result, target }) => [
    what,
    ours,
    theirs,
    result,
    target === undefined ? '' : `${target.text} ${target.met ? 'met' : 'MISSED'}`,
  ])
  const widths = head.map((title, column) => Math.max(...[head, ...rows].map(row => (row[column] ?? title).length)))
  const show = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [show(head), widths.map(width => '─'.repeat(width)).join('  '), ...rows.map(show)].join('\n')
}
