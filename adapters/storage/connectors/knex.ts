// The connector over Knex on Postgres; `tx` is its `Knex.Transaction`.
import { hasFunctions } from '../../../src/core.ts'
import { checkLibrary, checkTx } from '../check-options.ts'
import { type Connector, type ConnectorOptions, rowsIn } from './connector.ts'

/** `knex` or a transaction of it. */
export interface KnexExecutor {
  raw(text: string): PromiseLike<unknown> & { toSQL(): object }
}

export interface KnexLike<Tx> extends KnexExecutor {
  transaction<T>(work: (tx: Tx) => Promise<T>, config: { isolationLevel: 'read committed' }): Promise<T>
  readonly client?: { readonly pool?: { readonly max?: number } }
}

/**
 * `postgresStorage(fromKnex(knex))`: transactions are opened by Knex, and `tx` is a `Knex.Transaction`, in your calls as
 * in the members port. Statements go unnamed: nothing to set for PgBouncer.
 */
export function fromKnex<Tx extends KnexExecutor>(knex: KnexLike<Tx>, { connections }: ConnectorOptions = {}): Connector<Tx> {
  checkLibrary('fromKnex', 'your `knex`', knex, 'raw', 'transaction')
  return {
    connections: connections ?? knex.client?.pool?.max,
    checkTx: tx =>
      checkTx(hasFunctions(tx, 'raw', 'rollback'), 'what Knex hands to the function of `knex.transaction(tx => …)`'),
    query: async (text, parameters, tx) => rowsIn(await rawOf(tx ?? knex, text, parameters)),
    transaction: work => knex.transaction(work, { isolationLevel: 'read committed' }),
  }
}

/**
 * Knex only knows `?`, which is a new parameter at each use. A parameter that is also in `group by` would then be two
 * expressions to Postgres. So the text is passed as it is, and the parameters are added in `toSQL`.
 */
function rawOf(at: KnexExecutor, text: string, parameters: readonly unknown[]): PromiseLike<unknown> {
  const raw = at.raw(text.replaceAll('?', '\\?'))
  const toSQL = raw.toSQL.bind(raw)
  raw.toSQL = () => ({ ...toSQL(), bindings: [...parameters] })
  return raw
}
