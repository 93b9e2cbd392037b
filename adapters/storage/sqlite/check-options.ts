// The options of sqliteStorage, checked when it is made.
import { asGiven, hasFunctions, type OptionChecks, type Refuse, refuseAs, runChecks, unsetHint } from '../../../src/core.ts'
import { checkTx, milliseconds } from '../check-options.ts'
import type { SqliteOptions } from './options.ts'

const refuse: Refuse = refuseAs('sqliteStorage')

const isConnection = (thing: unknown): boolean => hasFunctions(thing, 'prepare') && 'inTransaction' in thing

export const checkConnection = (tx: unknown): void =>
  checkTx(isConnection(tx), "the storage's connection of better-sqlite3, with `begin immediate` run on it")

const checks = {
  database(database) {
    const isFile = typeof database === 'string' && database !== ''
    if (!isFile && !isConnection(database))
      refuse(`\`database\` must be a file such as 'app.db', or a connection of better-sqlite3.${unsetHint(database)}`)
  },
  tablePrefix: asGiven,
  synchronous(synchronous = 'normal') {
    if (synchronous !== 'normal' && synchronous !== 'full') refuse("`synchronous` is 'normal' or 'full'.")
  },
  busyTimeout: milliseconds(refuse, 'busyTimeout'),
} satisfies OptionChecks<SqliteOptions>

export function checkSqlite(options: SqliteOptions): void {
  if (typeof options !== 'object' || options === null || hasFunctions(options, 'prepare'))
    refuse("takes an object: sqliteStorage({ database: 'app.db' }), or with a connection of better-sqlite3 for the file.")
  runChecks(options, checks, { refuse })
}
