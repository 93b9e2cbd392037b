// What a storage needs of a database library, so that units are opened through the host's own and `tx` has the host's own type.

import { hasFunctions } from '../../../src/core.ts'
import type { RawRow } from '../sql/dialect.ts'
import { isObject } from '../sql/errors.ts'

/**
 * One file each for pg, Kysely, Drizzle, Knex, Prisma. Texts have `$1`-style parameters, and every parameter is a
 * string, a number or null; every answer that matters is one text column, so no type parser of the host's is in play.
 */
export interface Connector<Tx> {
  /** Runs one statement: in `tx` if it is given, otherwise on its own. Errors keep their SQLSTATE under `code`, or in a `cause`. */
  query(text: string, parameters: readonly (string | number | null)[], tx?: Tx): Promise<readonly RawRow[]>
  /** Throws a `TypeError` for what can be seen to be no transaction of the library's. */
  checkTx?(tx: unknown): void
  /** Opens a READ COMMITTED transaction, whatever the database's default is; commits when `work` is done, else rolls back and throws on. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** How many connections the library has at most, if it tells; absent counts as 10. */
  readonly connections?: number | undefined
  /**
   * Opens a connection of its own that listens to `channel`, until the function that it answers is called. `lost` is called
   * when the connection ends, also by that. Absent where the library has no such thing.
   */
  listen?(
    channel: string,
    listener: { readonly heard: (payload: string) => void; readonly lost: () => void },
  ): Promise<() => Promise<void>>
  /** Ends what the connector itself opened. */
  close?(): Promise<void>
}

/** A connector of which no wait is for ever. */
export interface Bounded<Tx> extends Connector<Tx> {
  /** `slow`: its statements may take as long as they need, as those of migrations do. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: { readonly slow?: boolean }): Promise<T>
}

/** In milliseconds. */
export interface Waits {
  /** For a free connection. Default 10,000. */
  readonly acquireTimeoutMs?: number | undefined
  /** For the answer to a statement of ours. Default 15,000. */
  readonly deadlineMs?: number | undefined
}

export interface ConnectorOptions {
  /** How many connections your library's pool has at most. Default: what it tells, or 10. */
  readonly connections?: number | undefined
}

/** By its functions: the `query` of Drizzle is an object. */
export const isConnector = <Tx>(source: unknown): source is Connector<Tx> => hasFunctions(source, 'query', 'transaction')

/** The rows in a library's answer: a list, or a result with `rows`. */
export function rowsIn(answer: unknown): readonly RawRow[] {
  if (Array.isArray(answer)) return answer.filter(isObject)
  return isObject(answer) && Array.isArray(answer['rows']) ? answer['rows'].filter(isObject) : []
}
