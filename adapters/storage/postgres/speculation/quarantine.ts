// Organizations whose shared statement was slow or failed. Each is committed by itself for a while, so that it delays no other.

/** A higher bound than the batcher's: under load every statement is slower, and splitting them would add more. */
const slowMs = 500
/** How many sound commits an organization makes alone before it shares statements again. */
const quarantinedCommits = 8
/** Beyond this many, the oldest entry is dropped. */
const maxQuarantined = 1000

export function createQuarantine() {
  const remaining = new Map<string, number>()

  function quarantine(ids: readonly string[]): void {
    for (const id of ids) {
      remaining.delete(id)
      remaining.set(id, quarantinedCommits)
      const [oldest] = remaining.keys()
      if (remaining.size > maxQuarantined && oldest !== undefined) remaining.delete(oldest)
    }
  }

  function countDown(ids: readonly string[]): void {
    for (const id of ids) {
      const count = remaining.get(id)
      if (count === undefined) continue
      count === 1 ? remaining.delete(id) : remaining.set(id, count - 1)
    }
  }

  return {
    has: (id: string): boolean => remaining.has(id),
    /** Returns the statement's answer, and quarantines its organizations when it was slow or failed. */
    async watch<T>(ids: readonly string[], answer: Promise<T>): Promise<T> {
      const since = performance.now()
      let isSound = false
      try {
        const given = await answer
        isSound = performance.now() - since < slowMs
        return given
      } finally {
        isSound ? countDown(ids) : quarantine(ids)
      }
    },
  }
}
