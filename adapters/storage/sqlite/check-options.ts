// The options of sqliteStorage, checked when it is made: what is wrong is said with the way to mend it.
import { checkNames, checkTx, checkWaits, has, unset } from '../check-options.ts'
import type { SqliteOptions } from './options.ts'

const stop = (sentence: string): never => {
  throw new TypeError(`sqliteStorage: ${sentence}`)
}

const names = ['database', 'tablePrefix', 'synchronous', 'busyTimeout'] satisfies (keyof SqliteOptions)[]

const isConnection = (thing: unknown): boolean => has(thing, 'prepare') && 'inTransaction' in thing

export const checkConnection = (tx: unknown): void =>
  checkTx(isConnection(tx), "the storage's connection of better-sqlite3, with `begin immediate` run on it")

export function checkSqlite(options: SqliteOptions): void {
  if (typeof options !== 'object' || options === null || has(options, 'prepare'))
    stop("takes an object: sqliteStorage({ database: 'app.db' }), or with a connection of better-sqlite3 for the file.")
  checkNames('sqliteStorage', options, names)
  const { database, synchronous = 'normal', busyTimeout } = options
  const isFile = typeof database === 'string' && database !== ''
  if (!isFile && !isConnection(database))
    stop(`\`database\` must be a file such as 'app.db', or a connection of better-sqlite3.${unset(database)}`)
  if (synchronous !== 'normal' && synchronous !== 'full') stop("`synchronous` is 'normal' or 'full'.")
  checkWaits('sqliteStorage', { busyTimeout })
}
