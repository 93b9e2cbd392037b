// Acme Notes on Postgres: one pool for the app's tables and invitekit's.
import type { MembersPort } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import pg from 'pg'
import type { Role } from '../app/people.ts'
import { type Db, type Row, sql, tables } from './db.ts'

/** The schema is this demo's own: made at the start, gone at the end. Nothing else in the database is touched. */
export async function openPostgres(url: string, port: number): Promise<Db<pg.PoolClient>> {
  const schema = `invitekit_demo_${port}`
  const address = within(schema, url)
  const pool = openPool(address)
  await pool.query(`drop schema if exists ${schema} cascade`)
  await pool.query(`create schema ${schema}`)
  for (const table of tables) await pool.query(table)
  return {
    name: 'Postgres',
    address,
    storage: postgresStorage({ pool }),
    members: membersOf(pool),
    query: async (text, values = []) => (await pool.query<Row>(text, [...values])).rows,
    async transaction(work) {
      const tx = await pool.connect()
      try {
        await tx.query('begin')
        const result = await work(tx)
        await tx.query('commit')
        return result
      } catch (error) {
        await tx.query('rollback')
        throw error
      } finally {
        tx.release()
      }
    },
    async close() {
      await pool.query(`drop schema if exists ${schema} cascade`)
      await pool.end()
    },
  }
}

/** Also for the process that is going to crash. */
export function openPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString })
  // Without a listener an idle connection that the server ends would end this process.
  pool.on('error', () => {})
  return pool
}

/** In `add`, `tx` is the accepting transaction; in the others it is set when a call joined one. */
const membersOf = (pool: pg.Pool): MembersPort<Role, pg.PoolClient> => ({
  async add({ organizationId, userId, role }, tx) {
    await tx.query(sql.add, [organizationId, userId, role])
  },
  async count(organizationId, tx) {
    const { rows } = await (tx ?? pool).query(sql.count, [organizationId])
    return Number(rows[0].n)
  },
  async find({ organizationId, userId, email }, tx) {
    const { rows } = await (tx ?? pool).query(sql.find, [organizationId, userId ?? null, email ?? null])
    return rows[0] ? { userId: rows[0].user_id, role: rows[0].role } : null
  },
})

/** The same database, with this schema as the one that names are looked up in. */
function within(schema: string, url: string): string {
  const address = new URL(url)
  const options = `${address.searchParams.get('options') ?? ''} -c search_path=${schema}`.trim()
  address.searchParams.set('options', options)
  address.search = address.search.replaceAll('+', '%20')
  return address.href
}
