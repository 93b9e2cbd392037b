// Kysely, with a plugin that renames columns: the host's, not ours.
import { fromKysely, postgresStorage } from 'invitekit/postgres'
import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import pg from 'pg'
import { field, type Library } from './library.ts'

export interface Tables {
  readonly teamMembers: { readonly organization: string; readonly person: string }
}

export const kysely: Library<Transaction<Tables>> = {
  name: 'kysely',
  stateOf: error => field(error, 'code'),
  open(url, connections) {
    const pool = new pg.Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    // The library hears nothing of a connection that it holds, and that dies: without a listener that ends the process.
    pool.on('connect', client => client.on('error', () => {}))
    const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] })
    return {
      storage: options => postgresStorage(fromKysely(db, { connections }), options),
      transaction: (work, level = 'read committed') => db.transaction().setIsolationLevel(level).execute(work),
      add: ({ organizationId, userId }, tx) =>
        (tx ?? db).insertInto('teamMembers').values({ organization: organizationId, person: userId }).execute(),
      async count(organizationId, tx) {
        const rows = (tx ?? db).selectFrom('teamMembers').where('organization', '=', organizationId)
        const { count } = await rows.select(eb => eb.fn.countAll().as('count')).executeTakeFirstOrThrow()
        return Number(count)
      },
      async has({ organizationId, userId }, tx) {
        const rows = (tx ?? db).selectFrom('teamMembers').selectAll().where('organization', '=', organizationId)
        return (await rows.where('person', '=', userId).execute()).length > 0
      },
      run: (text, tx) => sql.raw(text).execute(tx),
      close: () => db.destroy(),
    }
  },
}
