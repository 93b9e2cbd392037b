// Where the bytes of a body come from. How many of them are taken, and how long that may last, is said in body.ts.
import { hostError } from './host-error.ts'

/** The bytes of one body. They are not touched before they flow: where the path is not ours, the next handler finds them whole. */
export interface Source {
  /** Lets them come, once. */
  readonly flow: (to: Sink) => void
  /** No more of them, or none at all. */
  readonly stop: () => void
}

export interface Sink {
  readonly data: (chunk: Uint8Array) => void
  readonly end: () => void
  readonly fail: (error: unknown) => void
}

/** All at once. */
export const whole = (read: () => Promise<Uint8Array>): Source => ({
  flow({ data, end, fail }) {
    read().then(bytes => {
      data(bytes)
      end()
    }, fail)
  },
  stop() {},
})

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
    // Not awaited: a stream that hangs may never confirm. A turn later, because Node 20's `Readable.toWeb` still writes what it
    // has asked for: into a stream that is closed by then, which ends the process.
    stop() {
      stopped = true
      setTimeout(() => (reader ?? stream).cancel().catch(() => {}))
    },
  }
}

/** The body of whoever comes too late. It fails when it is read, for only then it is missed. */
export const gone = (remedy: string): Source =>
  whole(async () => {
    throw hostError(500, `the request's body was read before it came here, and nothing of it was kept. ${remedy}`)
  })
