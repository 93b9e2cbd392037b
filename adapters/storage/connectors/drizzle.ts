// The connector over Drizzle on Postgres; `tx` is what `db.transaction` hands to its callback.
import { hasFunctions } from '../../../src/core.ts'
import { checkLibrary, checkTx } from '../check-options.ts'
import { isObject } from '../sql/errors.ts'
import { type Connector, type ConnectorOptions, rowsIn } from './connector.ts'

/** A database or a transaction. */
export interface DrizzleExecutor {
  execute(query: string | { getSQL(): unknown }): PromiseLike<unknown>
}

export interface DrizzleLike<Tx> extends DrizzleExecutor {
  transaction<T>(work: (tx: Tx) => Promise<T>, config?: { isolationLevel?: 'read committed' }): Promise<T>
}

/**
 * `postgresStorage(fromDrizzle(db))`: transactions are opened by Drizzle, and `tx` is its `PgTransaction`, in your calls
 * as in the members port. Drizzle needs a pool here: one connection cannot keep our transactions and yours apart.
 * Statements go unnamed: nothing to set for PgBouncer.
 */
export function fromDrizzle<Tx extends DrizzleExecutor>(
  db: DrizzleLike<Tx>,
  { connections }: ConnectorOptions = {},
): Connector<Tx> {
  checkLibrary('fromDrizzle', 'your Drizzle database', db, 'execute', 'transaction')
  const client = clientOf(db)
  if ('connectionParameters' in client && !('totalCount' in client))
    throw new TypeError('fromDrizzle: Drizzle is on a single connection; give it a pool: drizzle(new Pool(…))')
  const options = isObject(client['options']) ? client['options'] : {}
  const max = typeof options['max'] === 'number' ? options['max'] : undefined
  return {
    connections: connections ?? max,
    checkTx: tx =>
      checkTx(hasFunctions(tx, 'execute', 'rollback'), 'what Drizzle hands to the function of `db.transaction(tx => …)`'),
    query: async (text, parameters, tx) => rowsIn(await (tx ?? db).execute(toSql(text, parameters))),
    transaction: work => db.transaction(work, { isolationLevel: 'read committed' }),
  }
}

/** A `SQLWrapper` of Drizzle with the text as it is. Drizzle's own `sql` would repeat a parameter at every use. */
const toSql = (text: string, parameters: readonly (string | number | null)[]) => ({
  getSQL: () => ({ toQuery: () => ({ sql: text, params: [...parameters] }) }),
})

function clientOf(db: object): Readonly<Record<string, unknown>> {
  const client = '$client' in db ? db.$client : undefined
  return isObject(client) ? client : {}
}
