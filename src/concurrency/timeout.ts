// Timeouts for functions of the host: a call that waits for one that never answers must end all the same.
import { fail } from '../api/error.ts'

/** Throws `unavailable` with this sentence when there is no answer after so many milliseconds. */
export async function orUnavailable<T>(ms: number, refusal: string, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(fail('unavailable', {}, refusal)), ms)
  })
  try {
    return await Promise.race([ask(), timeout])
  } finally {
    clearTimeout(timer)
  }
}

const hostTimeoutMs = 10_000

/** The answer of a function of the host, such as `limits`, which has 10 seconds for it. */
export const inTime = <T>(name: string, answer: T | Promise<T>): T | Promise<T> =>
  isThenable(answer)
    ? orUnavailable(hostTimeoutMs, `\`${name}\` did not answer in ${hostTimeoutMs / 1000} s`, async () => answer)
    : answer

/** Not `instanceof Promise`: query builders are thenable too, and run when they are awaited. */
export const isThenable = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
