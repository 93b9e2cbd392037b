// Lease checks: whether a message is still ours, and its invite as it is now. Nothing is sent on a check that is older than
// 100 ms; a stale one is refreshed together with those of the next messages of the same target, in one statement.
import type { Checked, Hold, Outbox } from '../ports/storage/outbox.ts'

interface LeaseCheck {
  /** `performance.now()` before it was asked for. */
  readonly since: number
  readonly checked: Promise<Checked | null>
}

/** Milliseconds that a lease check may be relied on. */
export const freshForMs = 100

export function createLeaseChecks(check: Outbox['check']) {
  const checks = new WeakMap<Hold, LeaseCheck>()
  const age = (hold: Hold) => performance.now() - (checks.get(hold)?.since ?? Number.NEGATIVE_INFINITY)
  const isStale = (hold: Hold) => age(hold) > freshForMs
  const isSoonStale = (hold: Hold) => age(hold) > freshForMs * 0.8
  /** The storage's time less `performance.now()`, by its last answer; before the first one, by this process's own clock. */
  let clockOffset = Date.now() - performance.now()
  const setClock = (answer: Checked | undefined) => {
    if (answer) clockOffset = answer.now.getTime() - performance.now()
  }

  /** In one statement. */
  function ask(holds: readonly Hold[]): void {
    const since = performance.now()
    const answers = check(holds).then(list => {
      setClock(list[0])
      return new Map(list.map(each => [each.message.id, each]))
    })
    for (const hold of holds) {
      const checked = answers.then(byId => byId.get(hold.id) ?? null)
      // Whoever waits for the answer hears of the failure. Unheard, it would end the process.
      checked.catch(() => {})
      checks.set(hold, { since, checked })
    }
  }

  const answerTo = (hold: Hold): Promise<Checked | null> => checks.get(hold)?.checked ?? Promise.resolve(null)

  return {
    /** Messages that start together are checked together: none may overtake an earlier one because its check came first. */
    refresh(holds: readonly Hold[]): void {
      const stale = holds.filter(isStale)
      if (stale.length > 1) ask(stale)
    },
    /** The storage's time, so that processes whose clocks differ agree on what is due and what is over. */
    now: () => new Date(performance.now() + clockOffset),
    /** Keeps what a lease has answered. `since`: `performance.now()` before the lease. */
    put(hold: Hold, checked: Checked, since: number): void {
      setClock(checked)
      checks.set(hold, { since, checked: Promise.resolve(checked) })
    },
    /** A check that is fresh. Null when the message is no longer ours. `next`: the messages that will start next. */
    get(hold: Hold, next: () => readonly Hold[]): Promise<Checked | null> {
      const following = next()
      if (isStale(hold)) ask([hold, ...following.filter(isSoonStale)])
      else {
        // Asked ahead, so that the messages behind need not wait for their checks.
        const ahead = following[Math.floor(following.length / 3)]
        if (ahead !== undefined && isSoonStale(ahead)) ask(following.filter(isSoonStale))
      }
      return answerTo(hold)
    },
    /** Asks even if the last check is fresh. */
    recheck(hold: Hold): Promise<Checked | null> {
      ask([hold])
      return answerTo(hold)
    },
  }
}

export type LeaseChecks = ReturnType<typeof createLeaseChecks>
