// The options of postgresStorage.
import type { NameOptions } from '../sql/tables.ts'

export interface PostgresOptions extends NameOptions {
  /**
   * How long our own statements wait for a row lock, and a commit whose connection was lost for the word of the database
   * on how it ended, in milliseconds. Default 5,000.
   */
  readonly lockTimeout?: number | undefined
  /**
   * Named prepared statements: faster, but lost behind a PgBouncer that does not track them (before 1.21, or with
   * `max_prepared_statements = 0`): then calls end as `unavailable` and say so. Default: true for a pool of yours, false
   * for a connection string. With a connector they are your library's own affair.
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
   * Whether a started relay keeps a connection of its own, beside the pool's, that hears at once of what other processes
   * commit (`LISTEN`); without, it finds that when it next polls. It is made again when it is lost. Default: true over
   * node-postgres, unless you said `prepare: false`, as behind a PgBouncer in transaction mode, where nothing is heard;
   * other libraries have no such connection.
   */
  readonly listen?: boolean | undefined
}
