// What a storage needs of a database library, so that units are opened through the host's own and `tx` has the host's own type.
import type { RawRow } from '../sql/dialect.ts'

/**
 * One file each for pg, Kysely, Drizzle, Knex, Prisma. Texts have `$1`-style parameters, and every parameter is a
 * string, a number or null; every answer that matters is one text column, so no type parser of the host's is in play.
 */
export interface Connector<Tx> {
  /** Runs one statement: in `tx` if it is given, otherwise on its own. Errors keep their SQLSTATE under `code`, or in a `cause`. */
  query(text: string, parameters: readonly (string | number | null)[], tx?: Tx): Promise<readonly RawRow[]>
  /** Opens a READ COMMITTED transaction, whatever the database's default is; commits when `work` is done, else rolls back and throws on. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Ends what the connector itself opened. */
  close?(): Promise<void>
}

export const isConnector = <Tx>(source: object): source is Connector<Tx> => 'query' in source && 'transaction' in source
