// Organizations whose statement was slow or failed go by themselves for a while: whichever of them it was hurts no other.

/** Milliseconds. Under load all of them take longer, and apart they would take longer still. */
const slowMs = 500
/** Commits that go by themselves, until one is trusted again. */
const quarantineMs = 8
/** Those that went quiet are forgotten when others come. */
const maxQuarantined = 1000

export function createQuarantine() {
  const left = new Map<string, number>()

  function suspect(ids: readonly string[]): void {
    for (const id of ids) {
      left.delete(id)
      left.set(id, quarantineMs)
      const [oldest] = left.keys()
      if (left.size > maxQuarantined && oldest !== undefined) left.delete(oldest)
    }
  }

  function trust(ids: readonly string[]): void {
    for (const id of ids) {
      const count = left.get(id)
      if (count === undefined) continue
      count === 1 ? left.delete(id) : left.set(id, count - 1)
    }
  }

  return {
    has: (id: string): boolean => left.has(id),
    /** The statement's answer, and what it tells of its organizations. */
    async watch<T>(ids: readonly string[], answer: Promise<T>): Promise<T> {
      const since = performance.now()
      let isSound = false
      try {
        const given = await answer
        isSound = performance.now() - since < slowMs
        return given
      } finally {
        isSound ? trust(ids) : suspect(ids)
      }
    },
  }
}
