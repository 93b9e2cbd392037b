// Answers that do not come: given up after so long, and known as what may still have happened.
import { isInviteError } from '../../../src/core.ts'
import { codeOf, storageError } from '../sql/errors.ts'

/** What the promise gives, or null after so many milliseconds; what it does later is of no interest. */
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

/** `unavailable`, caused by what SQL calls "transaction resolution unknown": what was sent may still land. */
export const givenUp = (milliseconds: number, advice = ''): Error =>
  storageError('unavailable', `the database gave no answer in ${milliseconds} ms${advice}`, { code: unresolved })

export const isGivenUp = (error: unknown): boolean => isInviteError(error) && codeOf(error.cause) === unresolved

const unresolved = '08007'
