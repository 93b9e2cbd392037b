// Delivery reports on Postgres: the status change and the rows that come with it, in one statement.
import type { ReportChange, Reports } from '../../../../src/core.ts'
import { deliveryText, movedParameters, movedText, readReported } from '../../sql/delivery-reports.ts'
import type { Run } from '../../sql/dialect.ts'
import type { Names } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import { listSource, toJsonRow } from '../write/columns.ts'
import { insertText } from '../write/insert.ts'
import { toMessageRow } from '../write/rows.ts'

/** `run` retries when a concurrent writer won. */
export function createReports(names: Names, run: Run<never>): Reports {
  const texts = { delivery: deliveryText(postgres, names), report: reportText(names) }
  return {
    async delivery(id) {
      const [row] = postgres.rowsOf(await run(texts.delivery, [id]))
      return row ? readReported(postgres, row) : null
    },

    async report(change: ReportChange, lease) {
      const rows = {
        organization: change.organizationId,
        events: change.events.map(event => toJsonRow('events', event)),
        messages: change.messages.map(message => toMessageRow(message, lease)),
        suppress: change.suppress,
      }
      const parameters = [...movedParameters(postgres, change), JSON.stringify(rows)]
      return postgres.rowsOf(await run(texts.report, parameters)).length > 0
    },
  }
}

const reportText = (names: Names) => `with input as materialized (select cast($6 as jsonb) as j),
moved as (${movedText(postgres, names)} returning id),
events as (${insertText(names, { table: 'events', source: listSource('events', 'events'), after: 'moved' })}),
messages as (${insertText(names, { table: 'outbox', source: listSource('outbox', 'messages'), after: 'moved' })}),
suppressed as (
  insert into ${names.suppressions} (organization_id, mark, at)
  select j ->> 'organization', e, cast($5 as timestamptz) from moved, input, jsonb_array_elements_text(j -> 'suppress') e
  on conflict do nothing
)
${postgres.whole('select id from moved')}`
