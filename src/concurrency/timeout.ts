// How long a call waits for a function of the host's: one that never answers must not hold it for ever.
import { fail } from '../api/error.ts'

/** `unavailable` with this sentence after so many milliseconds. */
export async function orUnavailable<T>(ms: number, refusal: string, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fail('unavailable', {}, refusal)), ms)
  })
  try {
    return await Promise.race([ask(), tooLong])
  } finally {
    clearTimeout(timer)
  }
}

/** Seconds. */
const hostTimeoutMs = 10

/** The answer of `limits` or of a function of `directory`. */
export const inTime = <T>(name: string, answer: T | Promise<T>): T | Promise<T> =>
  isThenable(answer)
    ? orUnavailable(hostTimeoutMs * 1000, `\`${name}\` did not answer in ${hostTimeoutMs} s`, async () => answer)
    : answer

/** Query builders are no promises, and run when they are awaited. */
export const isThenable = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
