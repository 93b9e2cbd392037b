// The outbox on SQLite. There is one writer at a time, so a lease is a plain update in a transaction of its own.
import type { Database } from 'better-sqlite3'
import type { Lease, Outbox, Settled } from '../../../src/core.ts'
import { encode } from '../sql/codec.ts'
import {
  checkedSelect,
  checkText,
  countAttemptText,
  freeText,
  fromSettlement,
  idsOf,
  nextText,
  readChecked,
  readLeases,
  redeliverText,
  uncountAttemptText,
} from '../sql/outbox.ts'
import { written } from '../sql/rows.ts'
import type { Names } from '../sql/tables.ts'
import { insertMessage } from './commit.ts'
import type { Connection } from './connection.ts'
import { sqlite } from './dialect.ts'
import { all, run } from './statements.ts'
import { execute, insert, type Write } from './write.ts'

export function createOutbox(names: Names, connection: Connection): Outbox {
  const texts = { due: dueText(names), hold: holdText(names), held: heldText(names), check: checkText(sqlite, names) }
  return {
    lease: ({ owner, ms }, { limit, now, except, lapsed }) =>
      connection.write(undefined, db => {
        const clock = Date.now()
        const parameters = [clock, now?.getTime() ?? clock, limit, JSON.stringify({ except }), Number(lapsed)]
        const due = all(db, texts.due, parameters)
        const first = due.find(row => row['lapsed'] === 1)
        const chosen = due.filter(row => row['lapsed'] !== 1 || row === first)
        const seqs = JSON.stringify({ seqs: chosen.map(row => row['seq']) })
        run(db, texts.hold, [owner, clock + ms, seqs])
        return readLeases(sqlite, all(db, texts.held, [seqs]), owner)
      }),

    check: holds =>
      connection.read(undefined, db => readChecked(sqlite, all(db, texts.check, [idsOf(holds), Date.now()]), holds)),

    async settle(given, lease) {
      const prepared = given.map(one => prepare(names, one, lease))
      return connection.write(undefined, db => {
        const held = prepared.filter(one => settle(db, names, one))
        for (const write of held.flatMap(one => one.writes)) execute(db, write)
        return held.map(one => one.id)
      })
    },

    release: holds =>
      connection.write(undefined, db => {
        for (const { id, owner } of holds) run(db, releaseText(names), [id, owner, Date.now()])
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

const dueText = ({ outbox }: Names) => `select seq, lease_owner is not null as lapsed from ${outbox}
  where due_at is not null and due_at <= $2 and ${freeText(sqlite, { time: '$1', except: '$4', lapsed: '$5' })}
  order by seq limit $3`

const these = sqlite.each('$3', 'seqs')

const holdText = ({ outbox }: Names) =>
  `update ${outbox} set ${countAttemptText}, lease_owner = $1, leased_until = $2 where ${sqlite.among('seq', these)}`

const heldText = (names: Names) =>
  `${checkedSelect(sqlite, names, `${names.outbox} o`)} where ${sqlite.among('o.seq', sqlite.each('$1', 'seqs'))} order by o.seq`

const releaseText = ({ outbox }: Names) => `update ${outbox} set ${uncountAttemptText} where ${heldBy}`

const heldBy = 'id = $1 and due_at is not null and lease_owner = $2 and leased_until > $3'

interface Prepared {
  readonly id: string
  readonly owner: string
  readonly final: boolean
  readonly values: readonly unknown[]
  /** The inserts of the event and messages that come with it. */
  readonly writes: readonly Write[]
}

const columns = written.outbox.filter(({ column }) =>
  ['status', 'provider_id', 'failure', 'updated_at', 'sent_at', 'due_at'].includes(column),
)

function prepare(names: Names, { owner, settlement, event, messages }: Settled, lease: Lease | null): Prepared {
  const { final, ...row } = fromSettlement(settlement)
  const more = (messages ?? []).map(message => insertMessage(names, message, lease))
  return {
    id: settlement.id,
    owner,
    final,
    values: encode(sqlite, columns, row),
    writes: event ? [insert(names, 'events', event), ...more] : more,
  }
}

/** True if the lease was still the owner's. A finished event is deleted; a delivery stays as a record. */
function settle(db: Database, { outbox }: Names, { id, owner, final, values }: Prepared): boolean {
  const whose = [id, owner, Date.now()]
  if (final && run(db, `delete from ${outbox} where ${heldBy} and kind = 'event'`, whose) === 1) return true
  const set = columns.map(({ column }, index) => `${column} = $${index + 4}`).join(', ')
  const text = `update ${outbox} set ${set}, lapses = null, lease_owner = null, leased_until = null where ${heldBy}`
  return run(db, text, [...whose, ...values]) === 1
}
