// The end of an instance: from `close()` on its calls are refused, and what another instance uses, too, stays open for it.

import { fail } from '../api/error.ts'
import type { Relay } from '../api/operations.ts'
import { orUnavailable } from '../concurrency/timeout.ts'
import type { Settings } from '../options/settings.ts'

export interface Closing {
  /** Throws once `close()` was called. */
  assertOpen(): void
  /** Repeating it is to wait for the same end. */
  close(): Promise<void>
}

/** How many instances use a storage, a transport or a sink. */
const users = new WeakMap<object, number>()

/** Seconds that a way out may take to close. */
const closeTimeoutMs = 5

export function createClosing<Tx>(settings: Settings<Tx>, stopRelay: () => Promise<void>): Closing {
  const { storage, transports, sinks, onError } = settings
  const doors = [...transports, ...sinks.map(sink => [sink.name, sink] as const)]
  for (const part of [...doors.map(([, door]) => door), storage]) users.set(part, (users.get(part) ?? 0) + 1)
  let ended: Promise<void> | undefined

  async function end(): Promise<void> {
    try {
      await stopRelay()
    } finally {
      await Promise.all(doors.map(([name, door]) => closeDoor(name, door)))
      if (leave(storage)) await storage.close()
    }
  }

  /** One that cannot be closed holds up no other, and is told of. */
  async function closeDoor(name: string, door: { close?(): unknown }): Promise<void> {
    if (!leave(door)) return
    const tooLong = `\`close\` did not end in ${closeTimeoutMs} s`
    await orUnavailable(closeTimeoutMs * 1000, tooLong, async () => door.close?.()).catch(error =>
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

/** The relay as the host has it; `stop` has nothing left to do. */
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

/** Whether nobody uses it any more. */
function leave(part: object): boolean {
  const left = (users.get(part) ?? 1) - 1
  users.set(part, left)
  return left === 0
}
