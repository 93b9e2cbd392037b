// A request and its answer as the house has them. Less than fetch's own: making those would cost more than all else of a call.
import type { Source } from './body-source.ts'

/** What is read of a request. There is no host in it: nothing here believes one. */
export interface Incoming {
  readonly method: string
  /** As it was sent, with its '?'; '' without one. */
  readonly query: string
  /** By lower-case name; what came twice is joined, as fetch does it. */
  readonly headers: Pick<Headers, 'get' | 'has'>
  /** Null when there is none. */
  readonly body: Source | null
  /** Aborts when the client leaves before the answer is out. */
  readonly signal: AbortSignal
}

/** What a call answers, before it is written. */
export interface Reply {
  readonly status: number
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer on its way out. */
export interface Outgoing {
  readonly status: number
  /** By lower-case name; a name may come more than once. */
  readonly headers: readonly [name: string, value: string][]
  readonly body: string | ReadableStream<Uint8Array> | null
}

/** What nobody reads, and who makes it should know. */
export function cancel({ body }: Pick<Outgoing, 'body'>): void {
  if (body instanceof ReadableStream) body.cancel().catch(() => {})
}

/** These are added to what the host has said already: its session's cookie, the Vary of its CORS. */
export const isAdded = (name: string): boolean => name === 'set-cookie' || name === 'vary'
