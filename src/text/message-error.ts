// Why a message cannot be written, in our own words: told apart from whatever a function of the host's throws.

const ours = new WeakSet<Error>()

/** Its words may be stored. It is not tried again, unless it is not `permanent`. */
export function messageError(
  failure: string,
  { permanent = true, cause }: { permanent?: boolean; cause?: unknown } = {},
): Error {
  const error = Object.assign(new Error(failure, { cause }), { permanent, failure })
  ours.add(error)
  return error
}

export const isMessageError = (error: unknown): boolean => error instanceof Error && ours.has(error)
