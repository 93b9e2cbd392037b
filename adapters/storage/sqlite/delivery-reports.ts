// Delivery reports on SQLite: the status change and the rows that come with it, in one transaction.
import type { ReportChange, Reports } from '../../../src/core.ts'
import { deliveryText, movedParameters, movedText, readReported } from '../sql/delivery-reports.ts'
import type { Names } from '../sql/tables.ts'
import { insertMessage } from './commit.ts'
import type { Connection } from './connection.ts'
import { sqlite } from './dialect.ts'
import { all, run } from './statements.ts'
import { execute, insert } from './write.ts'

export function createReports(names: Names, connection: Connection): Reports {
  const texts = { delivery: deliveryText(sqlite, names), moved: movedText(sqlite, names) }
  const suppressText = `insert into ${names.suppressions} (organization_id, mark, at) values ($1, $2, $3) on conflict do nothing`
  return {
    delivery: id =>
      connection.read(undefined, db => {
        const [row] = all(db, texts.delivery, [id])
        return row ? readReported(sqlite, row) : null
      }),

    async report(change: ReportChange, lease) {
      const { organizationId, at, suppress } = change
      const moved = movedParameters(sqlite, change)
      const writes = [
        ...change.events.map(event => insert(names, 'events', event)),
        ...change.messages.map(message => insertMessage(names, message, lease)),
      ]
      return connection.write(undefined, db => {
        if (run(db, texts.moved, moved) !== 1) return false
        for (const write of writes) execute(db, write)
        for (const mark of suppress) run(db, suppressText, [organizationId, mark, at.getTime()])
        return true
      })
    },
  }
}
