// The connector over Knex on Postgres; `tx` is its `Knex.Transaction`.
import { type Connector, type ConnectorOptions, rowsIn } from './connector.ts'

type Value = string | number | null

/** `knex` or a transaction of it. */
export interface KnexExecutor {
  raw(text: string, values: readonly Value[]): PromiseLike<unknown>
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
  return {
    connections: connections ?? knex.client?.pool?.max,
    async query(text, parameters, tx) {
      const { sql, values } = inPlaces(text, parameters)
      return rowsIn(await (tx ?? knex).raw(sql, values))
    },
    transaction: work => knex.transaction(work, { isolationLevel: 'read committed' }),
  }
}

/** Knex numbers the parameters itself: a `?` for each use of one. */
function inPlaces(text: string, parameters: readonly Value[]): { readonly sql: string; readonly values: readonly Value[] } {
  const values: Value[] = []
  const sql = text.replace(/\\?\?|\$(\d+)/g, (found, number?: string) => {
    if (number === undefined) return `\\${found}`
    values.push(parameters[Number(number) - 1] ?? null)
    return '?'
  })
  return { sql, values }
}
