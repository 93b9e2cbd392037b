// Deadlines for answers of the database. A statement that was given up may still take effect.
import { isInviteError } from '../../../src/core.ts'
import { codeOf, storageError } from '../sql/errors.ts'

/** The promise's value, or null after so many milliseconds. */
export async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => {
    timer = setTimeout(resolve, milliseconds, null)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

/** The answer, or `givenUp` after so many milliseconds. */
export async function inTime<T>(answer: Promise<T>, milliseconds: number, advice?: string): Promise<T> {
  const boxed = await within(
    answer.then(value => ({ value })),
    milliseconds,
  )
  if (boxed !== null) return boxed.value
  throw givenUp(milliseconds, advice)
}

/** `unavailable`, caused by SQLSTATE 08007, "transaction resolution unknown": the statement may still take effect. */
export const givenUp = (milliseconds: number, advice = ''): Error =>
  storageError('unavailable', `the database gave no answer in ${milliseconds} ms${advice}`, { code: unresolved })

export const isGivenUp = (error: unknown): boolean => isInviteError(error) && codeOf(error.cause) === unresolved

const unresolved = '08007'
