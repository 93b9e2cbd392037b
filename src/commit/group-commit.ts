// Write combining: while a commit of an organization is under way, further work on it waits in line, and then goes
// together. No timer, and a lone caller never waits.
import { isInviteError } from '../api/error.ts'

/** How a piece of work may go. */
export interface JobTraits {
  /** Rows that the job may write: a batch is capped by their sum. */
  readonly weight: number
  /** Goes by itself: what it runs could hurt the others. */
  readonly exclusive: boolean
  /** Can be made ready before what is under way has ended. */
  readonly pipelined: boolean
}

interface Work<J, R> extends JobTraits {
  readonly job: J
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/**
 * Runs a batch as one commit and answers in order; a result may be an error meant for that job alone. Nothing is asked of
 * the database until the batch before has ended.
 */
export type RunBatch<J, R> = (key: string, jobs: readonly J[], before: Promise<unknown>) => Promise<readonly R[]>

const maxWeight = 256
/** Fewer are not halved: a second statement costs more than it saves. */
const pipelinedJobs = 8

export function createGroupCommit<J, R>(run: RunBatch<J, R>) {
  const lines = new Map<string, Work<J, R>[]>()

  return (key: string, job: J, terms: JobTraits): Promise<R> =>
    new Promise((resolve, reject) => {
      const work = { job, ...terms, resolve, reject }
      const waiting = lines.get(key)
      if (waiting) return void waiting.push(work)
      lines.set(key, [work])
      void serve(key)
    })

  async function serve(key: string): Promise<void> {
    const waiting = lines.get(key) ?? []
    let before: Promise<unknown> = Promise.resolve()
    let underway = 0
    let last = 0
    // Who comes in step with the first goes with it.
    await null
    while (waiting.length > 0) {
      const early = waiting.every(work => work.pipelined)
      if (!early) await before
      // Who was answered together comes back together, a few turns later: the next batch takes them along.
      if (last > 1) await turn()
      // One half is made ready while the other is under way: process and database work at once.
      const half = Math.max(pipelinedJobs, Math.ceil((underway + waiting.length) / 2))
      const batch = take(waiting, early ? half : waiting.length)
      underway += batch.length
      const ended = settle(key, batch, before)
      void ended.then(async answers => {
        underway -= batch.length
        // What was made ready goes first: callers take their time.
        if (underway > 0) await turn()
        for (const answer of answers) answer()
      })
      await before
      before = ended
      last = batch.length
      if (waiting.length === 0) await turn()
      if (waiting.length === 0) await before
    }
    lines.delete(key)
  }

  /** Never rejects: what each is to be told, when the time has come. */
  async function settle(key: string, batch: readonly Work<J, R>[], before: Promise<unknown>): Promise<readonly (() => void)[]> {
    const jobs = batch.map(({ job }) => job)
    try {
      const results = await run(key, jobs, before)
      return batch.map(({ resolve, reject }, index) => () => {
        const result = results[index]
        result === undefined ? reject(new Error('invitekit: a batch answered too few results')) : resolve(result)
      })
    } catch (error) {
      // A store that is out of reach is so for each of them: one after another they would wait for hours, and what a
      // lost connection left in doubt would be done twice.
      const isAlike = isInviteError(error) && ['unavailable', 'not_migrated'].includes(error.code)
      if (isAlike || batch.length === 1) return batch.map(work => () => work.reject(error))
      // One of several may be poisoned: then each goes alone, and only that one fails.
      const answers: (() => void)[] = []
      for (const work of batch) answers.push(...(await settle(key, [work], before)))
      return answers
    }
  }
}

/** The next batch: as many as fit, in order of arrival. */
function take<J, R>(waiting: Work<J, R>[], most: number): Work<J, R>[] {
  let weight = 0
  let count = 0
  for (const work of waiting) {
    weight += work.weight
    if (count > 0 && (work.exclusive || weight > maxWeight || count === most)) break
    count += 1
    if (work.exclusive) break
  }
  return waiting.splice(0, count)
}

/** The real one, also where a test has stopped the timers. */
const { setImmediate: soon } = globalThis

const turn = () => new Promise<void>(resolve => soon(resolve))
