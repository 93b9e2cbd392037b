// Whether an answer was kept under its idempotency key: known to mounts, invisible in the answer itself.
const replays = new WeakSet<object>()

export function markReplayed<T extends object>(answer: T, replayed: boolean): T {
  if (replayed) replays.add(answer)
  return answer
}

/** True when this answer of a call was given before under the same idempotency key. */
export const isReplayed = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && replays.has(answer)
