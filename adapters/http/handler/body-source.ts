// Where the bytes of a request body come from: a stream, a buffer, or an error. Limits of size and time are in body.ts.
import { hostError } from './host-error.ts'

/** The bytes of one body. Nothing is read before `flow`, so that the host's next handler finds the whole body. */
export interface Source {
  /** Starts reading into `to`. Call it once. */
  readonly flow: (to: Sink) => void
  /** Stops reading. Also right before `flow`. */
  readonly stop: () => void
}

export interface Sink {
  readonly data: (chunk: Uint8Array) => void
  readonly end: () => void
  readonly fail: (error: unknown) => void
}

/** A body that is read in one piece. */
export const whole = (read: () => Promise<Uint8Array>): Source => ({
  flow({ data, end, fail }) {
    read().then(bytes => {
      data(bytes)
      end()
    }, fail)
  },
  stop() {},
})

/** A body that is read chunk by chunk. */
export function streamed(stream: ReadableStream<Uint8Array>): Source {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  let stopped = false
  return {
    flow({ data, end, fail }) {
      const pull = async () => {
        reader = stream.getReader()
        while (!stopped) {
          const { done, value } = await reader.read()
          if (done) return end()
          data(value)
        }
      }
      pull().catch(fail)
    },
    // Not awaited, because a stream that hangs may never confirm. In a timer, because the `Readable.toWeb` of Node 20 still
    // enqueues a chunk that it has asked for; into a stream that is cancelled by then this would end the process.
    stop() {
      stopped = true
      setTimeout(() => (reader ?? stream).cancel().catch(() => {}))
    },
  }
}

/** A body that somebody else has read already. It fails when it is read, because many routes never need it. */
export const consumed = (remedy: string): Source =>
  whole(async () => {
    throw hostError(500, `the request's body was read before it came here, and nothing of it was kept. ${remedy}`)
  })
