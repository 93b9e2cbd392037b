// The outbox on SQLite: one writer at a time, so a lease is an update in a unit of its own.
import type { Database } from 'better-sqlite3'
import type { Lease, Outbox, Settled } from '../../../src/index.ts'
import { sqlite } from '../sql/dialect.ts'
import {
  checkText,
  fromSettlement,
  heldIds,
  leasedColumns,
  nextText,
  readChecked,
  readLeased,
  redeliverText,
  withEvent,
} from '../sql/outbox.ts'
import { encode, fromEvent } from '../sql/rows.ts'
import type { Names } from '../sql/tables.ts'
import { insertMessage } from './commit.ts'
import type { Connection } from './connection.ts'
import { all, run } from './statements.ts'
import { execute, insert, type Write } from './write.ts'

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

    check: holds =>
      connection.read(undefined, db => readChecked(sqlite, all(db, texts.check, [heldIds(holds), Date.now()]), holds)),

    async settle(given, lease) {
      const prepared = given.map(one => prepare(names, one, lease))
      return connection.write(undefined, db => {
        const held = prepared.filter(one => settle(db, names, one))
        for (const write of held.flatMap(one => one.writes)) execute(db, write)
        return held.map(one => one.id)
      })
    },

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

interface Prepared {
  readonly id: string
  readonly owner: string
  readonly final: boolean
  readonly values: readonly unknown[]
  /** The event and messages that come after. */
  readonly writes: readonly Write[]
}

const columns = ['status', 'provider_id', 'failure', 'sent_at', 'due_at', 'updated_at'] as const

function prepare(names: Names, { owner, settlement, event, messages }: Settled, lease: Lease | null): Prepared {
  const { final, ...row } = fromSettlement(settlement)
  const values = encode(sqlite, 'outbox', row)
  const more = (messages ?? []).map(message => insertMessage(names, message, lease))
  return {
    id: settlement.id,
    owner,
    final,
    values: columns.map(column => values[column] ?? null),
    writes: event ? [insert(names, 'events', fromEvent(event)), ...more] : more,
  }
}

/** True if the owner held it. An event that is settled for good is gone; a delivery stays as a record. */
function settle(db: Database, { outbox }: Names, { id, owner, final, values }: Prepared): boolean {
  const held = 'id = $1 and due_at is not null and lease_owner = $2 and leased_until > $3'
  const whose = [id, owner, Date.now()]
  if (final && run(db, `delete from ${outbox} where ${held} and kind = 'event'`, whose) === 1) return true
  const set = columns.map((column, index) => `${column} = $${index + 4}`).join(', ')
  const text = `update ${outbox} set ${set}, attempts = attempts + 1, lease_owner = null, leased_until = null where ${held}`
  return run(db, text, [...whose, ...values]) === 1
}
