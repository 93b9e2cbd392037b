// The options of postgresStorage.
import type { NameOptions } from '../sql/tables.ts'

export interface PostgresOptions extends NameOptions {
  /**
   * How long a statement waits for a row lock, in milliseconds. A commit whose connection was lost waits as long for the
   * database to answer how it ended. Default 5,000.
   */
  readonly lockTimeout?: number | undefined
  /**
   * Named prepared statements: faster, but lost behind a PgBouncer that does not track them (before 1.21, or with
   * `max_prepared_statements = 0`): then calls end as `unavailable` and say so. Default: true for a pool of yours, false
   * for a connection string. With a connector your library decides this.
   */
  readonly prepare?: boolean | undefined
  /**
   * How long to wait for a free connection, in milliseconds. Default 10,000.
   *
   * A statement of ours that has no answer in `acquireTimeout` and `lockTimeout` together is given up, and its connection with
   * it: the call ends as `unavailable`, and a commit is asked for, as when its connection was lost. With a connector that
   * wait begins before there is a connection, and the connection is your library's to end: give its pool a
   * `query_timeout`, and any pool of yours a `connectionTimeoutMillis`.
   */
  readonly acquireTimeout?: number | undefined
  /**
   * Whether a started relay keeps a connection of its own, beside the pool's, that is notified at once of what other
   * processes commit (`LISTEN`). Without it, the relay finds that when it next polls. A lost connection is made again.
   * Default: true over node-postgres, unless `prepare` is false: behind a PgBouncer in transaction mode no notification
   * arrives. Other libraries have no such connection.
   */
  readonly listen?: boolean | undefined
}
