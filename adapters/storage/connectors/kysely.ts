// The connector over Kysely: whatever driver it was given, on Postgres; `tx` is its `Transaction<DB>`.
import { hasFunctions } from '../../../src/core.ts'
import { checkLibrary, checkTx } from '../check-options.ts'
import { type Connector, type ConnectorOptions, rowsIn } from './connector.ts'

/** A `Kysely<DB>` or a `Transaction<DB>` of any version that has these. */
export interface KyselyExecutor {
  withoutPlugins(): { executeQuery(query: object): Promise<{ readonly rows: readonly unknown[] }> }
}

export interface KyselyLike<Tx> extends KyselyExecutor {
  transaction(): {
    setIsolationLevel(level: 'read committed'): { execute<T>(work: (tx: Tx) => Promise<T>): Promise<T> }
  }
}

/**
 * `postgresStorage(fromKysely(db))`: transactions are opened by Kysely, and `tx` is a `Transaction<DB>`, in your calls
 * (`invites.create(input, { actor, tx })`) as in the members port. Statements go unnamed: nothing to set for PgBouncer.
 */
export function fromKysely<Tx extends KyselyExecutor>(
  db: KyselyLike<Tx>,
  { connections }: ConnectorOptions = {},
): Connector<Tx> {
  checkLibrary('fromKysely', 'your `Kysely`', db, 'withoutPlugins', 'transaction')
  return {
    connections,
    checkTx(tx) {
      const isOne = hasFunctions(tx, 'withoutPlugins') && Reflect.get(tx, 'isTransaction') === true
      checkTx(isOne, 'what Kysely hands to the function of `db.transaction().execute(tx => …)`')
    },
    // Plugins of the host's, such as CamelCasePlugin, would rename our columns.
    async query(text, parameters, tx) {
      // The host has loaded it already. Imported here, so that hosts of other libraries do not load it.
      const { CompiledQuery } = await import('kysely')
      return rowsIn(await (tx ?? db).withoutPlugins().executeQuery(CompiledQuery.raw(text, [...parameters])))
    },
    transaction: work => db.transaction().setIsolationLevel('read committed').execute(work),
  }
}
