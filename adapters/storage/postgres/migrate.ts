// Creates and upgrades the tables, in one transaction and one process at a time.
import type { Bounded } from '../connectors/connector.ts'
import { createSchemaTable, pendingStatements, versionText } from '../sql/migrations.ts'
import type { Names } from '../sql/tables.ts'
import { postgres } from './dialect.ts'

export async function migrate<Tx>(connector: Bounded<Tx>, names: Names, schema: string | undefined): Promise<void> {
  const work = async (tx: Tx) => {
    // A second process waits here and then finds nothing to do. The lock ends with the transaction.
    await connector.query(
      `select cast(pg_advisory_xact_lock(hashtextextended($1, 0)) as text) as locked`,
      [`invitekit ${names.schema}`],
      tx,
    )
    if (schema !== undefined) await connector.query(`create schema if not exists "${schema}"`, [], tx)
    await connector.query(createSchemaTable(postgres, names), [], tx)
    const [row] = await connector.query(versionText(names), [], tx)
    for (const statement of pendingStatements(postgres, names, Number(row?.['version'])))
      await connector.query(statement, [], tx)
  }
  await connector.transaction(work, { slow: true })
}
