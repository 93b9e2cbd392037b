// Storage in memory: the reference implementation of the port, for tests, demos and trying out.
import type { Storage } from '../../../src/core.ts'
import { writeChanges } from './changes.ts'
import { createReports } from './delivery-reports.ts'
import { createDisabledSinks } from './disabled-sinks.ts'
import { factsFor } from './facts.ts'
import { createLists } from './lists.ts'
import { createOutbox } from './outbox.ts'
import { createSuppressions } from './suppressions.ts'
import { createTables, inDraft, rows, type Tables, type Write } from './tables.ts'
import { createTemplates } from './templates.ts'

/** The transaction that `beforeCommit` is given. Reads and commits with it see and join that commit. */
export interface MemoryTx {
  readonly storage: 'memory'
}

/**
 * Everything is lost with the process. Values are cloned on the way in and out. There is one writer at a
 * time, as in SQLite, and readers see the last commit. A host cannot bring a transaction: the only one is the commit around
 * `beforeCommit`. A write inside it without its `tx` waits for it to end.
 */
export function memoryStorage(): Storage<MemoryTx> {
  const tables = createTables()
  const drafts = new WeakMap<MemoryTx, Tables>()
  const write = oneAtATime()

  const at = (tx: MemoryTx | undefined): Tables => {
    const draft = tx === undefined ? tables : drafts.get(tx)
    if (!draft)
      throw new Error('memory storage: the only transaction to join is the one that `beforeCommit` is given, until it ends')
    return draft
  }

  const writeAt = <T>(tx: MemoryTx | undefined, work: (draft: Tables) => T | Promise<T>): Promise<T> =>
    tx === undefined ? write(() => inDraft(tables, work)) : inDraft(at(tx), work)

  /** Gives `work` a draft as its transaction, for as long as it runs. */
  async function useConnection(draft: Tables, work: (tx: MemoryTx) => void | Promise<void>): Promise<void> {
    const tx: MemoryTx = { storage: 'memory' }
    drafts.set(tx, draft)
    try {
      await work(tx)
    } finally {
      drafts.delete(tx)
    }
  }

  return {
    name: 'memory',
    read: async (query, tx) => structuredClone(factsFor(at(tx), query)),
    async commit(changes, { tx, beforeCommit } = {}) {
      const given = structuredClone(changes)
      return writeAt(tx, async draft => {
        const committed = writeChanges(draft, given)
        if (committed === 'committed' && beforeCommit) await useConnection(draft, beforeCommit)
        return committed
      })
    },
    async touch(organizationId, tx) {
      await writeAt(tx, ({ revisions }) => {
        revisions.set(organizationId, (revisions.get(organizationId) ?? 0) + 1)
      })
    },
    async find(by, tx) {
      const { invites } = at(tx)
      const invite =
        'id' in by
          ? invites.get(by.id)
          : [...rows(invites)].find(({ codeHash }) => codeHash !== null && by.codeHashes.includes(codeHash))
      return invite ? { id: invite.id, organizationId: invite.organizationId } : null
    },
    lists: createLists(at),
    outbox: { ...createOutbox(tables, write), ...createReports(tables, write) },
    suppressions: createSuppressions(tables, write),
    disabledSinks: createDisabledSinks(at, write),
    templates: createTemplates(at, writeAt),
    incrementCounter: createCounters(),
    migrate: async () => {},
    close: async () => {},
  }
}

/** Runs each work after those before it have ended, successfully or not. */
function oneAtATime(): Write {
  let last: Promise<unknown> = Promise.resolve()
  return work => {
    const mine = last.then(work)
    last = mine.catch(() => {})
    return mine
  }
}

/** A window begins with its first increment. Each call deletes a few windows that are over. */
function createCounters(): Storage['incrementCounter'] {
  const windows = new Map<string, { readonly count: number; readonly resetsAt: Date }>()
  return async (counter, windowMs, now, by = 1) => {
    const time = (now ?? new Date()).getTime()
    const open = windows.get(counter)
    const isOpen = open !== undefined && time < open.resetsAt.getTime()
    const before = isOpen ? open : { count: 0, resetsAt: new Date(time + windowMs) }
    const next = { ...before, count: Math.max(0, before.count + by) }
    windows.set(counter, next)
    for (const [old, { resetsAt }] of firstOf(windows, 5)) if (resetsAt.getTime() <= time) windows.delete(old)
    return structuredClone(next)
  }
}

function* firstOf<T>(all: Iterable<T>, count: number): Generator<T> {
  let left = count
  for (const one of all) {
    if (left === 0) return
    left -= 1
    yield one
  }
}
