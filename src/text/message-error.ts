// The error for a message that cannot be written. Its sentence is the library's own, so it may be stored and shown; the
// sentence of any other error may hold a link or an address.

const ownErrors = new WeakSet<Error>()

/** `permanent` (default true): the message is not tried again. */
export function messageError(
  failure: string,
  { permanent = true, cause }: { permanent?: boolean; cause?: unknown } = {},
): Error {
  const error = Object.assign(new Error(failure, { cause }), { permanent, failure })
  ownErrors.add(error)
  return error
}

/** False for whatever a function of the host throws. */
export const isMessageError = (error: unknown): boolean => error instanceof Error && ownErrors.has(error)
