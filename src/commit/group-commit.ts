// Group commit: while a commit of an organization is in flight, further requests on it queue up, and then share one commit.
// There is no timer, and a lone request never waits.
import { isInviteError } from '../api/error.ts'

/** How a request may be grouped. */
export interface RequestTraits {
  /** The rows that the request may write: a batch is capped by their sum. */
  readonly weight: number
  /** Committed alone, because its failure could be that of the others. */
  readonly exclusive: boolean
  /** Can be prepared while the previous batch is in flight. */
  readonly pipelined: boolean
}

interface Queued<Request, Result> extends RequestTraits {
  readonly request: Request
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** Runs a batch as one commit and returns the results in order. It asks nothing of the database before `previous` has settled. */
export type RunBatch<Request, Result> = (
  key: string,
  requests: readonly Request[],
  previous: Promise<unknown>,
) => Promise<readonly Result[]>

const maxWeight = 256
/** A smaller batch is not halved: the second statement would cost more than the overlap saves. */
const minHalf = 8

export function createGroupCommit<Request, Result>(run: RunBatch<Request, Result>) {
  const queues = new Map<string, Queued<Request, Result>[]>()

  return (key: string, request: Request, traits: RequestTraits): Promise<Result> =>
    new Promise((resolve, reject) => {
      const queued = { request, ...traits, resolve, reject }
      const queue = queues.get(key)
      if (queue) return void queue.push(queued)
      queues.set(key, [queued])
      void runQueue(key)
    })

  async function runQueue(key: string): Promise<void> {
    const queue = queues.get(key) ?? []
    let previous: Promise<unknown> = Promise.resolve()
    let previousSize = 0
    let inFlight = 0
    // Requests of the same tick share the first batch.
    await null
    while (queue.length > 0) {
      const isPipelined = queue.every(({ pipelined }) => pipelined)
      if (!isPipelined) await previous
      // Callers resolved in one batch usually call again within an event-loop turn: wait for them.
      if (previousSize > 1) await nextTurn()
      // Half of the requests are prepared while the other half is in flight, so that process and database work at once.
      const half = Math.max(minHalf, Math.ceil((inFlight + queue.length) / 2))
      const batch = takeBatch(queue, isPipelined ? half : queue.length)
      inFlight += batch.length
      const settled = settle(key, batch, previous)
      void settled.then(async callbacks => {
        inFlight -= batch.length
        // The batch that is ready is sent before these callers go on.
        if (inFlight > 0) await nextTurn()
        for (const callback of callbacks) callback()
      })
      await previous
      previous = settled
      previousSize = batch.length
      if (queue.length === 0) await nextTurn()
      if (queue.length === 0) await previous
    }
    queues.delete(key)
  }

  /** Never rejects. Returns one callback for each request, which resolves or rejects it. */
  async function settle(
    key: string,
    batch: readonly Queued<Request, Result>[],
    previous: Promise<unknown>,
  ): Promise<readonly (() => void)[]> {
    const requests = batch.map(({ request }) => request)
    try {
      const results = await run(key, requests, previous)
      return batch.map(({ resolve, reject }, index) => () => {
        const result = results[index]
        result === undefined ? reject(new Error('invitekit: a batch answered too few results')) : resolve(result)
      })
    } catch (error) {
      // An unreachable storage fails every request: retried one by one they would wait for its timeouts in turn, and a
      // commit left in doubt by a lost connection would be done twice.
      const failsAll = isInviteError(error) && ['unavailable', 'not_migrated'].includes(error.code)
      if (failsAll || batch.length === 1)
        return batch.map(
          ({ reject }) =>
            () =>
              reject(error),
        )
      // One request may have failed the others: each is committed alone, and only that one fails.
      const callbacks: (() => void)[] = []
      for (const queued of batch) callbacks.push(...(await settle(key, [queued], previous)))
      return callbacks
    }
  }
}

/** Removes the next batch from the queue: at most `max` requests, in order of arrival. */
function takeBatch<Request, Result>(queue: Queued<Request, Result>[], max: number): Queued<Request, Result>[] {
  let weight = 0
  let count = 0
  for (const queued of queue) {
    weight += queued.weight
    if (count > 0 && (queued.exclusive || weight > maxWeight || count === max)) break
    count += 1
    if (queued.exclusive) break
  }
  return queue.splice(0, count)
}

/** Taken now, because a test with fake timers replaces the global one. */
const { setImmediate } = globalThis

const nextTurn = () => new Promise<void>(resolve => setImmediate(resolve))
