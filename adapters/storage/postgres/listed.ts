// Rows on their way into a statement, as lists in one JSON parameter: those of a relay, which come with many settlements.
import { encode } from '../sql/codec.ts'
import { postgres } from '../sql/dialect.ts'
import type { Row, TableName } from '../sql/tables.ts'
import { shapes, sqlType } from './columns.ts'
import type { Source } from './insert.ts'

/** A row for a list. */
export const toJsonRow = <T extends TableName>(table: T, row: Partial<Row<T>>): Record<string, unknown> =>
  encode(postgres, table, row)

/** The rows of a list in the CTE `input`, in order; `by` is the settlement that a row came with. */
export function listSource(table: TableName, list: string): Source {
  const shape = [...shapes[table].map(([column, type]) => [column, sqlType(type)] as const), ['by', 'text'] as const]
  const columns = shape.map(([column, type]) => `${column} ${type}`).join(', ')
  const names = shape.map(([column]) => column).join(', ')
  return {
    relation: `rows from (jsonb_to_recordset((select j -> '${list}' from input)) as (${columns})) with ordinality as x(${names}, n)`,
    value: column => `x.${column}`,
  }
}
