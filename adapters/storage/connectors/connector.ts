// What the Postgres storage needs of a database library. Through it the host's own library opens transactions, and `tx` has its type.
import { hasFunctions } from '../../../src/core.ts'
import type { RawRow } from '../sql/dialect.ts'
import { isObject } from '../sql/errors.ts'

/**
 * One file each for pg, Kysely, Drizzle, Knex, Prisma. Texts have `$1`-style parameters, and every parameter is a
 * string, a number or null. Results that matter are one text column, so the host's type parsers change nothing.
 */
export interface Connector<Tx> {
  /** Runs one statement: in `tx` if it is given, otherwise on its own. Errors keep their SQLSTATE under `code`, or in a `cause`. */
  query(text: string, parameters: readonly (string | number | null)[], tx?: Tx): Promise<readonly RawRow[]>
  /** Throws a `TypeError` when `tx` is visibly not a transaction of the library. */
  checkTx?(tx: unknown): void
  /** Runs `work` in a READ COMMITTED transaction. Commits when it resolves; rolls back and rethrows when it rejects. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** The size of the library's pool. Absent counts as 10. */
  readonly connections?: number | undefined
  /**
   * Opens a connection of its own that listens to `channel`. The function that it returns ends the connection. `lost` is
   * called when the connection ends for whatever reason. Absent when the library cannot listen.
   */
  listen?(
    channel: string,
    listener: { readonly heard: (payload: string) => void; readonly lost: () => void },
  ): Promise<() => Promise<void>>
  /** Ends what the connector itself opened. */
  close?(): Promise<void>
}

/** A connector whose every wait ends. */
export interface Bounded<Tx> extends Connector<Tx> {
  /** `slow`: its statements may take as long as they need, as those of migrations do. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: { readonly slow?: boolean }): Promise<T>
}

/** In milliseconds. */
export interface Timeouts {
  /** For a free connection. Default 10,000. */
  readonly acquireTimeoutMs?: number | undefined
  /** For the answer to a statement of ours. Default 15,000. */
  readonly deadlineMs?: number | undefined
}

export interface ConnectorOptions {
  /** How many connections your library's pool has at most. Default: what it tells, or 10. */
  readonly connections?: number | undefined
}

/** Checks that they are functions: Drizzle has a `query` too, but it is an object. */
export const isConnector = <Tx>(source: unknown): source is Connector<Tx> => hasFunctions(source, 'query', 'transaction')

/** The rows in a library's answer: a list, or a result with `rows`. */
export function rowsIn(answer: unknown): readonly RawRow[] {
  if (Array.isArray(answer)) return answer.filter(isObject)
  return isObject(answer) && Array.isArray(answer['rows']) ? answer['rows'].filter(isObject) : []
}
