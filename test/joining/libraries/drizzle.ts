// Drizzle on node-postgres.
import { and, eq, sql } from 'drizzle-orm'
import { drizzle as connect } from 'drizzle-orm/node-postgres'
import { pgTable, text as textColumn } from 'drizzle-orm/pg-core'
import { fromDrizzle, postgresStorage } from 'invitekit/postgres'
import pg from 'pg'
import { field, type Library } from './library.ts'

const teamMembers = pgTable('team_members', { organization: textColumn(), person: textColumn() })

export const open = (pool: pg.Pool) => connect(pool)
/** What `db.transaction` hands to its callback. */
export type DrizzleTx = Parameters<Parameters<ReturnType<typeof open>['transaction']>[0]>[0]

export const drizzle: Library<DrizzleTx> = {
  name: 'drizzle',
  stateOf: error => field(error, 'cause', 'code'),
  open(url, connections) {
    const pool = new pg.Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    // The library hears nothing of a connection that it holds, and that dies: without a listener that ends the process.
    pool.on('connect', client => client.on('error', () => {}))
    const db = open(pool)
    return {
      storage: options => postgresStorage(fromDrizzle(db), options),
      transaction: (work, isolationLevel = 'read committed') => db.transaction(work, { isolationLevel }),
      add: ({ organizationId, userId }, tx) =>
        (tx ?? db).insert(teamMembers).values({ organization: organizationId, person: userId }),
      count: (organizationId, tx) => (tx ?? db).$count(teamMembers, eq(teamMembers.organization, organizationId)),
      async has({ organizationId, userId }, tx) {
        const where = and(eq(teamMembers.organization, organizationId), eq(teamMembers.person, userId))
        return (await (tx ?? db).select().from(teamMembers).where(where)).length > 0
      },
      run: (text, tx) => tx.execute(sql.raw(text)),
      close: () => pool.end(),
    }
  },
}
