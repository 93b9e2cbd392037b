// Why a message can never be written, in our own words: told apart from whatever a function of the host's throws.

const ours = new WeakSet<Error>()

/** Not tried again, and its words may be stored. */
export function unwritable(failure: string, cause?: unknown): Error {
  const error = Object.assign(new Error(failure, { cause }), { permanent: true, failure })
  ours.add(error)
  return error
}

export const isUnwritable = (error: unknown): boolean => error instanceof Error && ours.has(error)
