// Closes an instance: its calls are refused from then on, and each plugin is closed when no other instance uses it.

import { fail } from '../api/error.ts'
import type { Relay } from '../api/operations.ts'
import { orUnavailable } from '../concurrency/timeout.ts'
import type { Settings } from '../options/settings.ts'

export interface Closing {
  /** Throws once `close()` was called. */
  assertOpen(): void
  /** Repeated calls wait for the same end. */
  close(): Promise<void>
}

/** How many instances use a storage, a transport or a sink. */
const useCounts = new WeakMap<object, number>()

/** For each transport and sink. */
const closeTimeoutMs = 5000

export function createClosing<Tx>(settings: Settings<Tx>, stopRelay: () => Promise<void>): Closing {
  const { storage, transports, sinks, onError } = settings
  const outlets = [...transports, ...sinks.map(sink => [sink.name, sink] as const)]
  for (const part of [...outlets.map(([, outlet]) => outlet), storage]) useCounts.set(part, (useCounts.get(part) ?? 0) + 1)
  let ended: Promise<void> | undefined

  async function end(): Promise<void> {
    try {
      await stopRelay()
    } finally {
      await Promise.all(outlets.map(([name, outlet]) => closeOutlet(name, outlet)))
      if (release(storage)) await storage.close()
    }
  }

  /** An outlet that cannot be closed is reported, and the others are closed all the same. */
  async function closeOutlet(name: string, outlet: { close?(): unknown }): Promise<void> {
    if (!release(outlet)) return
    const tooLong = `\`close\` did not end in ${closeTimeoutMs / 1000} s`
    await orUnavailable(closeTimeoutMs, tooLong, async () => outlet.close?.()).catch(error =>
      onError(error, { where: `closing ${name}` }),
    )
  }

  return {
    assertOpen() {
      if (ended !== undefined) throw fail('unavailable', {}, 'these invites are closed')
    },
    close() {
      ended ??= end()
      return ended
    },
  }
}

/** The host's relay: its calls are refused after `close()`, except `stop`, which has nothing left to do then. */
export function untilClosed({ start, stop, drain, lag, redeliver, enable }: Relay, { assertOpen }: Closing): Relay {
  const refusing =
    <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      assertOpen()
      return call(...given)
    }
  return {
    start() {
      assertOpen()
      start()
    },
    stop,
    drain: refusing(drain),
    lag: refusing(lag),
    redeliver: refusing(redeliver),
    enable: refusing(enable),
  }
}

/** Counts one use less; true when it was the last. */
function release(part: object): boolean {
  const left = (useCounts.get(part) ?? 1) - 1
  useCounts.set(part, left)
  return left === 0
}
