// What happened, step by step: who did it, the call that was made, what it answered, and the rows that it changed.
import type { Db } from '../data/db.ts'
import { type Change, compare, look, type Snapshot } from './rows.ts'

export interface Step {
  readonly number: number
  readonly who: string
  readonly title: string
  /** The call, as it is written; null for what the relay did by itself. */
  readonly call: string | null
  readonly answer: string | null
  readonly isRefusal: boolean
  readonly changes: readonly Change[]
  /** Of the four buttons: what came of it, in one line each. */
  readonly findings: readonly Finding[]
}

export interface Finding {
  readonly text: string
  readonly verdict: 'good' | 'bad' | 'plain'
}

type Told = Pick<Step, 'who' | 'title' | 'call'>
type Outcome = Partial<Pick<Step, 'answer' | 'isRefusal' | 'findings'>>

export type Ledger = ReturnType<typeof createLedger>

export const handedOver = 'The message is handed over'

/** Who did what nobody called for, by what became of the messages. */
function byItself(changed: readonly Change[]): Pick<Step, 'who' | 'title'> {
  const choice = changed.find(({ table }) => table === 'invite_suppressions')
  if (choice) return { who: 'The recipient', title: choice.kind === 'new' ? 'Wants no more invites' : 'Takes it back' }
  const cells = changed.filter(({ table }) => table === 'invite_outbox').flatMap(change => change.cells)
  const is = (status: string) => cells.some(({ name, value }) => name === 'status' && value === status)
  if (is('sent')) return { who: 'Relay', title: handedOver }
  if (is('delivered')) return { who: 'Phone company', title: 'It has arrived' }
  if (is('suppressed')) return { who: 'Relay', title: 'Not sent' }
  return { who: 'Relay', title: cells.length > 0 ? 'No luck: queued again' : 'The relay' }
}

export function createLedger<Tx>({ query }: Db<Tx>) {
  const steps: Step[] = []
  const listeners = new Set<() => void>()
  let seen: Snapshot = new Map()
  let timer: NodeJS.Timeout | undefined
  let underWay = 0
  let line: Promise<unknown> = Promise.resolve()

  /** One read at a time, or two would report the same change. */
  function changes(): Promise<readonly Change[]> {
    const next = line.then(async () => {
      const now = await look(query)
      const changed = compare(seen, now)
      seen = now
      return changed
    })
    line = next.catch(() => {})
    return next
  }

  function ring(): void {
    for (const listener of listeners) listener()
  }

  function add(step: Omit<Step, 'number'>): void {
    steps.push({ ...step, number: steps.length + 1 })
    if (steps.length > 200) steps.shift()
    ring()
  }

  /** What changed although nobody called: the relay, after the commit. */
  async function addRelay(): Promise<void> {
    const changed = await changes()
    if (changed.length === 0) return
    add({ ...byItself(changed), call: null, answer: null, isRefusal: false, findings: [], changes: changed })
  }

  return {
    steps: steps as readonly Step[],
    ring,
    /** Called whenever there is something new to see. */
    listen(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Does `work` and writes down what it changed, whether or not it went well. */
    async record<T>(told: Told, work: () => Promise<T>, outcomeOf: (result: T | null, error: unknown) => Outcome): Promise<T> {
      underWay += 1
      const finish = async (result: T | null, error: unknown) =>
        add({ ...told, answer: null, isRefusal: false, findings: [], ...outcomeOf(result, error), changes: await changes() })
      try {
        await addRelay()
        const result = await work()
        await finish(result, null)
        return result
      } catch (error) {
        await finish(null, error)
        throw error
      } finally {
        underWay -= 1
      }
    },
    async start(): Promise<void> {
      await changes()
      const watch = async () => {
        if (underWay === 0) await addRelay().catch(() => {})
        timer = setTimeout(watch, 300)
      }
      timer = setTimeout(watch, 300)
    },
    stop: () => clearTimeout(timer),
  }
}
