// Knex, with a hook that renames columns: the host's, not ours.
import { fromKnex, postgresStorage } from 'invitekit/postgres'
import connect, { type Knex } from 'knex'
import { field, type Library } from './library.ts'

const camel = (text: string) => text.replace(/_[a-z]/g, found => found.slice(1).toUpperCase())
const renamed = (row: unknown): unknown =>
  typeof row === 'object' && row !== null
    ? Object.fromEntries(Object.entries(row).map(([key, value]) => [camel(key), value]))
    : row

export const knex: Library<Knex.Transaction> = {
  name: 'knex',
  stateOf: error => field(error, 'code'),
  open(url, connections) {
    const db = connect.knex({
      client: 'pg',
      connection: url,
      pool: { min: 0, max: connections },
      // It prints each connection that is lost.
      log: { warn: () => {} },
      postProcessResponse: answer => {
        if (Array.isArray(answer)) return answer.map(renamed)
        return Array.isArray(answer?.rows) ? { ...answer, rows: answer.rows.map(renamed) } : answer
      },
    })
    return {
      storage: options => postgresStorage(fromKnex(db), options),
      transaction: (work, isolationLevel = 'read committed') => db.transaction(work, { isolationLevel }),
      add: ({ organizationId, userId }, tx) =>
        (tx ?? db)('team_members').insert({ organization: organizationId, person: userId }),
      async count(organizationId, tx) {
        const [row] = await (tx ?? db)('team_members').where({ organization: organizationId }).count({ n: '*' })
        return Number(row?.n)
      },
      async has({ organizationId, userId }, tx) {
        return (await (tx ?? db)('team_members').where({ organization: organizationId, person: userId })).length > 0
      },
      run: (text, tx) => tx.raw(text),
      close: () => db.destroy(),
    }
  },
}
