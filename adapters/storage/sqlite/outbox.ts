// The outbox on SQLite: one writer at a time, so a lease is an update in a unit of its own.
import type { Database } from 'better-sqlite3'
import type { Outbox } from '../../../src/index.ts'
import { type RawRow, sqlite } from '../sql/dialect.ts'
import {
  checkText,
  fromSettlement,
  leasedColumns,
  nextText,
  readChecked,
  readLeased,
  redeliverText,
  type SettleInput,
  withEvent,
} from '../sql/outbox.ts'
import { encode, fromEvent } from '../sql/rows.ts'
import type { Names } from '../sql/tables.ts'
import { insertMessage } from './commit.ts'
import type { Connection } from './connection.ts'
import { all, run } from './statements.ts'
import { insert } from './write.ts'

export function createOutbox(names: Names, connection: Connection): Outbox {
  const texts = { lease: leaseText(names), leased: leasedText(names), check: checkText(sqlite, names) }
  return {
    lease: ({ owner, ms }, { limit, now }) =>
      connection.write(undefined, db => {
        const clock = Date.now()
        const held = all(db, texts.lease, [owner, clock + ms, clock, now?.getTime() ?? clock, limit])
        const seqs = JSON.stringify({ seqs: held.map(row => row['seq']) })
        return all(db, texts.leased, [seqs]).map(row => readLeased(sqlite, row))
      }),

    check: (id, owner) =>
      connection.read(undefined, db => {
        const [row] = all(db, texts.check, [id, owner, Date.now()])
        return row ? readChecked(sqlite, row) : null
      }),

    settle: (settlements, owner) =>
      connection.write(undefined, db => {
        const settled = settlements.filter(({ settlement }) => settle(db, names, settlement, owner))
        for (const input of settled) addAfter(db, names, input)
        return settled.map(({ settlement }) => settlement.id)
      }),

    redeliver: (id, now) =>
      connection.write(undefined, db => all(db, redeliverText(sqlite, names), [id, now?.getTime() ?? Date.now()]).length > 0),

    next: () =>
      connection.read(undefined, db => {
        const [row] = all(db, nextText(sqlite, names))
        const dueAt = row?.['due_at']
        return typeof dueAt === 'number' ? { dueAt: new Date(dueAt) } : null
      }),
  }
}

const leaseText = ({ outbox }: Names) => `update ${outbox} set lease_owner = $1, leased_until = $2 where seq in (
  select seq from ${outbox} where due_at is not null and due_at <= $4 and (leased_until is null or leased_until <= $3)
  order by seq limit $5
) returning seq`

/** `returning` keeps no order. */
const leasedText = (names: Names) =>
  `select ${leasedColumns(sqlite)} from ${names.outbox} o ${withEvent(names)} where ${sqlite.among('o.seq', sqlite.each('$1', 'seqs'))} order by o.seq`

/** True if the owner held it. */
function settle(db: Database, { outbox }: Names, settlement: SettleInput['settlement'], owner: string): boolean {
  const { final, ...row } = fromSettlement(settlement)
  const held = 'id = $1 and due_at is not null and lease_owner = $2 and leased_until > $3'
  const whose = [settlement.id, owner, Date.now()]
  if (final && run(db, `delete from ${outbox} where ${held} and kind = 'event'`, whose) === 1) return true
  const values: RawRow = encode(sqlite, 'outbox', row)
  return (
    run(
      db,
      `update ${outbox} set status = $4, attempts = attempts + 1, provider_id = $5, failure = $6, sent_at = $7, due_at = $8,
       updated_at = $9, lease_owner = null, leased_until = null where ${held}`,
      [...whose, ...['status', 'provider_id', 'failure', 'sent_at', 'due_at', 'updated_at'].map(column => values[column])],
    ) === 1
  )
}

function addAfter(db: Database, names: Names, { event, messages }: SettleInput): void {
  if (event) insert(db, names, 'events', fromEvent(event))
  for (const message of messages ?? []) insertMessage(db, names, message, null)
}
