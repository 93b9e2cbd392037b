// The options of sqliteStorage.
import type { Database } from 'better-sqlite3'

export interface SqliteOptions {
  /** A file, `:memory:`, or your own better-sqlite3 connection, whose settings stay as they are. */
  readonly database: string | Database
  /** Default `invite_`. */
  readonly tablePrefix?: string | undefined
  /** For a file: `normal` (default) survives `kill -9`, `full` a power loss as well. */
  readonly synchronous?: 'normal' | 'full' | undefined
  /** How long to wait while another transaction writes, in milliseconds. Default 5,000. */
  readonly busyTimeout?: number | undefined
}
