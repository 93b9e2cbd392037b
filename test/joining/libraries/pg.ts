// node-postgres: `{ pool }`, and transactions by hand.
import { postgresStorage } from 'invitekit/postgres'
import pg, { type PoolClient } from 'pg'
import { field, type Library } from './library.ts'

export const nodePostgres: Library<PoolClient> = {
  name: 'pg',
  stateOf: error => field(error, 'code'),
  open(url, connections) {
    const pool = new pg.Pool({ connectionString: url, max: connections })
    pool.on('error', () => {})
    return {
      storage: options => postgresStorage({ pool, ...options }),
      async transaction(work, level = 'read committed') {
        const client = await pool.connect()
        try {
          await client.query(`begin isolation level ${level}`)
          const result = await work(client)
          await client.query('commit')
          return result
        } catch (error) {
          await client.query('rollback')
          throw error
        } finally {
          client.release()
        }
      },
      add: ({ organizationId, userId }, tx) =>
        (tx ?? pool).query('insert into team_members values ($1, $2)', [organizationId, userId]),
      async count(organizationId, tx) {
        const { rows } = await (tx ?? pool).query('select count(*) from team_members where organization = $1', [organizationId])
        return Number(rows[0].count)
      },
      async has({ organizationId, userId }, tx) {
        const text = 'select 1 from team_members where organization = $1 and person = $2'
        return (await (tx ?? pool).query(text, [organizationId, userId])).rows.length > 0
      },
      run: (text, tx) => tx.query(text),
      close: () => pool.end(),
    }
  },
}
