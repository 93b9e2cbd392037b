// Remembers which results are replays under an idempotency key, without a field in the result. Mounts read it.
const replays = new WeakSet<object>()

export function markReplayed<T extends object>(answer: T, replayed: boolean): T {
  if (replayed) replays.add(answer)
  return answer
}

/** Whether this result is the stored answer of an earlier call with the same idempotency key. */
export const isReplayed = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && replays.has(answer)
