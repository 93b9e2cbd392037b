// What is known of the messages that are held: whether they still are, and their invites. Nothing is handed over on
// knowledge older than a moment; whoever asks again asks for those behind it too.
import type { Checked, Hold, Outbox } from '../ports/storage/outbox.ts'

interface Known {
  /** `performance.now()` before it was asked for. */
  readonly since: number
  readonly checked: Promise<Checked | null>
}

/** Milliseconds. */
export const freshForMs = 100

export function createLeaseChecks(check: Outbox['check']) {
  const all = new WeakMap<Hold, Known>()
  const age = (hold: Hold) => performance.now() - (all.get(hold)?.since ?? Number.NEGATIVE_INFINITY)
  const isStale = (hold: Hold) => age(hold) > freshForMs
  const isOld = (hold: Hold) => age(hold) > freshForMs * 0.8
  /** How far the storage's clock is ahead of the time elapsed here, as it was told last; until then, this process's. */
  let ahead = Date.now() - performance.now()
  const hear = (told: Checked | undefined) => {
    if (told) ahead = told.now.getTime() - performance.now()
  }

  /** In one statement. */
  function ask(holds: readonly Hold[]): void {
    const since = performance.now()
    const found = check(holds).then(list => {
      hear(list[0])
      return new Map(list.map(each => [each.message.id, each]))
    })
    for (const hold of holds) {
      const checked = found.then(each => each.get(hold.id) ?? null)
      // Whoever waits for it hears of a failure; who does not need it is not ended by it.
      checked.catch(() => {})
      all.set(hold, { since, checked })
    }
  }

  const lookUp = (hold: Hold): Promise<Checked | null> => all.get(hold)?.checked ?? Promise.resolve(null)

  return {
    /** Those that come together are known together, so that none of them overtakes another by knowing more. */
    all(holds: readonly Hold[]): void {
      const unknown = holds.filter(isStale)
      if (unknown.length > 1) ask(unknown)
    },
    /** The storage's time: of processes whose clocks are apart, none gives up or hurries what the others would not. */
    now: () => new Date(performance.now() + ahead),
    /** What a lease has told. */
    note(hold: Hold, checked: Checked, since: number): void {
      hear(checked)
      all.set(hold, { since, checked: Promise.resolve(checked) })
    },
    /** Null when it is ours no longer. */
    of(hold: Hold, behind: () => readonly Hold[]): Promise<Checked | null> {
      const next = behind()
      if (isStale(hold)) ask([hold, ...next.filter(isOld)])
      else {
        // In good time, so that nobody has to wait for the answer.
        const soon = next[Math.floor(next.length / 3)]
        if (soon !== undefined && isOld(soon)) ask(next.filter(isOld))
      }
      return lookUp(hold)
    },
    again(hold: Hold): Promise<Checked | null> {
      ask([hold])
      return lookUp(hold)
    },
  }
}

export type LeaseChecks = ReturnType<typeof createLeaseChecks>
