// A readers-writer lock: many may hold it together, or one alone. It is fair: whoever wants it alone waits for those who hold
// it, and those who come later wait for that one.

/** Settles when the lock is held, with the function that releases it. */
export type SharedLock = (alone: boolean) => Promise<() => void>

export function createSharedLock(): SharedLock {
  const waiting: { readonly alone: boolean; readonly enter: (release: () => void) => void }[] = []
  let holders = 0
  let isAlone = false

  function release(): void {
    holders -= 1
    isAlone = false
    admit()
  }

  function admit(): void {
    for (let next = waiting[0]; next !== undefined && !isAlone && !(next.alone && holders > 0); next = waiting[0]) {
      waiting.shift()
      holders += 1
      isAlone = next.alone
      next.enter(release)
    }
  }

  return alone =>
    new Promise(enter => {
      waiting.push({ alone, enter })
      admit()
    })
}
