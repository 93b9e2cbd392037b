// Durations: milliseconds, or a text such as `'7d'`.
const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** Milliseconds, or `'90s'`, `'30m'`, `'12h'`, `'7d'`, `'2w'`. */
export type Duration = number | `${number}${keyof typeof units}`

export const minDurationMs = 1000
/** Ten years of 365 days. */
export const maxDurationMs = 3650 * units.d

/** Whole milliseconds, or null when it is no duration. */
export function toMilliseconds(duration: number | string): number | null {
  if (typeof duration === 'number') return Number.isSafeInteger(duration) ? duration : null
  const [, count, unit] = /^(\d{1,15})(ms|s|m|h|d|w)$/.exec(duration) ?? []
  const result = Number(count) * units[unit as keyof typeof units]
  return Number.isSafeInteger(result) ? result : null
}
