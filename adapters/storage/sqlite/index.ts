// Storage on SQLite with better-sqlite3, on a connection of its own or the host's. A commit is one synchronous transaction.
import type { Database } from 'better-sqlite3'
import type { Changes, CommitOptions, Committed, Storage } from '../../../src/core.ts'
import type { Run, Tuples } from '../sql/dialect.ts'
import { createDisabledSinks } from '../sql/disabled-sinks.ts'
import { findText } from '../sql/find.ts'
import { createLists } from '../sql/lists/lists.ts'
import { createSchemaTable, pendingStatements, versionText } from '../sql/migrations.ts'
import { toRef } from '../sql/rows.ts'
import { createSuppressions } from '../sql/suppressions.ts'
import { type Names, namesOf } from '../sql/tables.ts'
import { createTemplates, type Unit } from '../sql/templates.ts'
import { checkConnection, checkSqlite } from './check-options.ts'
import { bump, prepareCommit } from './commit.ts'
import { createConnection } from './connection.ts'
import { createReports } from './delivery-reports.ts'
import { sqlite } from './dialect.ts'
import { isDuplicate } from './errors.ts'
import { createFacts } from './facts.ts'
import type { SqliteOptions } from './options.ts'
import { createOutbox } from './outbox.ts'
import { all, run, tuples } from './statements.ts'

export type { SqliteOptions } from './options.ts'

/**
 * Needs the tables: `await invites.migrate()`. SQLite has one writer and no async transaction, so functions that run
 * inside a commit must be synchronous. `close()` closes the connection to a file, never one of yours. Throws a `TypeError`
 * at once when an option cannot work.
 */
export function sqliteStorage(options: SqliteOptions): Storage<Database> & { readonly synchronous: true } {
  checkSqlite(options)
  const { database, tablePrefix, synchronous = 'normal', busyTimeout = 5_000 } = options
  const names = namesOf({ tablePrefix })
  const connection = createConnection({ database, synchronous, busyTimeoutMs: busyTimeout })
  const facts = createFacts(names)
  const query: Run<Database> = (text, parameters, tx) => connection.read(tx, db => all(db, text, parameters))
  const list: Tuples<Database> = (text, parameters, tx) => connection.read(tx, db => tuples(db, text, parameters))

  const change: Run<never> = (text, parameters) => connection.write(undefined, db => all(db, text, parameters))

  const unit = ({ guard, steps }: Unit, tx: Database | undefined) =>
    connection.write(tx, db => {
      if (guard !== null) bump(db, names, guard)
      return steps.map(({ text, parameters }) => all(db, text, parameters))
    })

  async function commit(changes: Changes, { tx, beforeCommit }: CommitOptions<Database> = {}): Promise<Committed> {
    const hostErrors: unknown[] = []
    const write = prepareCommit(names, changes)
    const work = (db: Database) => {
      const answer = write(db)
      if (answer === 'conflict' || !beforeCommit) return answer
      try {
        runSynchronously(() => beforeCommit(db))
      } catch (error) {
        hostErrors.push(error)
        throw error
      }
      return answer
    }
    try {
      return await connection.write(tx, work)
    } catch (error) {
      // An error of the host's own is thrown unchanged.
      if (hostErrors.length > 0) throw hostErrors.at(-1)
      if (tx === undefined && isDuplicate(error)) return 'conflict'
      throw error
    }
  }

  return {
    name: 'sqlite',
    synchronous: true,
    checkTx: checkConnection,
    useConnection: async work => connection.read(undefined, work),
    read: (question, tx) => connection.read(tx, db => facts(db, question)),
    commit,
    async touch(organizationId, tx) {
      await connection.write(tx, db => bump(db, names, organizationId))
    },
    async find(by, tx) {
      const lookup = 'id' in by ? { ids: [by.id] } : by
      const [tuple] = await list(findText(sqlite, names, 'id' in by ? 'ids' : 'codeHashes'), [JSON.stringify(lookup)], tx)
      return tuple ? toRef(tuple) : null
    },
    lists: createLists({ dialect: sqlite, names, run: query, tuples: list }),
    outbox: { ...createOutbox(names, connection), ...createReports(names, connection) },
    suppressions: createSuppressions(sqlite, names, { run: query, write: change }),
    disabledSinks: createDisabledSinks({ dialect: sqlite, names, read: query, write: change }),
    templates: createTemplates({ dialect: sqlite, names, run: query, unit }),
    incrementCounter: (counter, windowMs, now, by = 1, tx) =>
      connection.write(tx, db => incrementCounter(db, names, { counter, windowMs, now: now ?? new Date(), by })),
    migrate: () => connection.write(undefined, db => migrate(db, names)),
    close: connection.close,
  }
}

/** An await here would let other requests write into our transaction, and lose what they wrote with it. */
function runSynchronously(beforeCommit: () => void | Promise<void>): void {
  const result: unknown = beforeCommit()
  if (!(result instanceof Object && 'then' in result)) return
  Promise.resolve(result).catch(() => {})
  throw new Error(
    'on SQLite the functions of the members port must be synchronous: this one returned a promise, and nothing was written',
  )
}

interface Increment {
  readonly counter: string
  readonly windowMs: number
  readonly now: Date
  readonly by: 1 | -1
}

/** A window begins with its first increment. Windows that are over are deleted. */
function incrementCounter(db: Database, { counters }: Names, { counter, windowMs, now, by }: Increment) {
  const time = now.getTime()
  run(db, `delete from ${counters} where resets_at <= $1`, [time])
  const text = `insert into ${counters} (counter, count, resets_at) values ($1, max(0, $3), $2)
    on conflict (counter) do update set count = max(0, count + $3) returning count, resets_at`
  const [row] = all(db, text, [counter, time + windowMs, by])
  return { count: Number(row?.['count']), resetsAt: new Date(Number(row?.['resets_at'])) }
}

/** The write lock is held from the start, so a second process waits and then finds nothing to do. */
function migrate(db: Database, names: Names): void {
  run(db, createSchemaTable(sqlite, names))
  const [row] = all(db, versionText(names))
  for (const statement of pendingStatements(sqlite, names, Number(row?.['version']))) run(db, statement)
}
