// Write combining: while a commit of an organization is under way, further work on it waits in line, and then goes
// together. No timer, and a lone caller never waits.
import { isInviteError } from '../error.ts'

export interface Work<J, R> {
  readonly job: J
  /** Rows that the job may write: a batch is capped by their sum. */
  readonly weight: number
  /** Goes by itself: what it runs could hurt the others. */
  readonly alone: boolean
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/** Runs a batch as one commit and answers in order; a result may be an error meant for that job alone. */
export type RunBatch<J, R> = (key: string, jobs: readonly J[]) => Promise<readonly R[]>

const maxWeight = 256

export function createLine<J, R>(run: RunBatch<J, R>) {
  const lines = new Map<string, Work<J, R>[]>()

  return (key: string, job: J, { weight, alone }: Pick<Work<J, R>, 'weight' | 'alone'>): Promise<R> =>
    new Promise((resolve, reject) => {
      const work = { job, weight, alone, resolve, reject }
      const waiting = lines.get(key)
      if (waiting) return void waiting.push(work)
      lines.set(key, [work])
      void serve(key)
    })

  async function serve(key: string): Promise<void> {
    const waiting = lines.get(key) ?? []
    while (waiting.length > 0) {
      const batch = take(waiting)
      await settle(key, batch)
      // Who was answered together comes back together, a few turns later: the next batch takes them along. A lone caller never waits.
      if (batch.length > 1) await new Promise(resolve => setImmediate(resolve))
    }
    lines.delete(key)
  }

  async function settle(key: string, batch: readonly Work<J, R>[]): Promise<void> {
    try {
      const results = await run(
        key,
        batch.map(({ job }) => job),
      )
      batch.forEach(({ resolve, reject }, index) => {
        const result = results[index]
        result === undefined ? reject(new Error('invitekit: a batch answered too few results')) : resolve(result)
      })
    } catch (error) {
      const [only] = batch
      // A store that is out of reach is so for each of them: one after another they would wait for hours, and what a
      // lost connection left in doubt would be done twice.
      if (isInviteError(error) && ['unavailable', 'not_migrated'].includes(error.code))
        for (const { reject } of batch) reject(error)
      // One of several may be poisoned: then each goes alone, and only that one fails.
      else if (batch.length === 1 && only) only.reject(error)
      else for (const work of batch) await settle(key, [work])
    }
  }
}

/** The next batch: as many as fit, in order of arrival. */
function take<J, R>(waiting: Work<J, R>[]): Work<J, R>[] {
  let weight = 0
  let count = 0
  for (const work of waiting) {
    weight += work.weight
    if (count > 0 && (work.alone || weight > maxWeight)) break
    count += 1
    if (work.alone) break
  }
  return waiting.splice(0, count)
}
