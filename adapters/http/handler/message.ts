// A request and its answer as the handler sees them: fewer parts than fetch's Request and Response, which are slow to make.
import type { Source } from './body-source.ts'

/** What is read of a request. It has no host, because nothing here trusts the Host header. */
export interface Incoming {
  readonly method: string
  /** As it was sent, with its '?'; '' without one. */
  readonly query: string
  /** By lower-case name. Headers that came twice are joined, as in fetch. */
  readonly headers: Pick<Headers, 'get' | 'has'>
  /** Null when there is none. */
  readonly body: Source | null
  /** Aborts when the client leaves before the answer is out. */
  readonly signal: AbortSignal
}

/** The answer of a route: its body is not serialized yet. */
export interface Reply {
  readonly status: number
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer ready to be sent. */
export interface Outgoing {
  readonly status: number
  /** By lower-case name; a name may come more than once. */
  readonly headers: readonly [name: string, value: string][]
  readonly body: string | ReadableStream<Uint8Array> | null
}

/** Cancels a body that will not be sent, so that its source stops producing it. */
export function cancel({ body }: Pick<Outgoing, 'body'>): void {
  if (body instanceof ReadableStream) body.cancel().catch(() => {})
}

/** Whether a header is appended to one that the host has set already: its session's cookie, the Vary of its CORS. */
export const isAdded = (name: string): boolean => name === 'set-cookie' || name === 'vary'
