// Errors for the host's own error handling: its error middleware, or its `onError`.

/** An error as Express and Koa read it; `expose: false` keeps its message from the client. */
export const hostError = (status: number, message: string, options?: ErrorOptions): Error =>
  Object.assign(new Error(`invitekit: ${message}`, options), { status, expose: false })

/**
 * An unexpected error, wrapped for the host. Passed on as it is, it could become another answer: Koa answers 404 to an error whose
 * code is ENOENT and sends its `headers`, Hono calls its `getResponse`.
 */
export function toHostError(error: unknown): Error {
  if (error instanceof Error && 'expose' in error && error.expose === false) return error
  return hostError(500, 'the call failed unexpectedly; the cause of this error says why', { cause: error })
}
