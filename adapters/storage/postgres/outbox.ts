// The outbox on Postgres: leased with `skip locked`, settled in one statement, fenced by owner and time.
import type { Lease, Outbox, Settled } from '../../../src/index.ts'
import { postgres, type Run } from '../sql/dialect.ts'
import {
  checkText,
  fromSettlement,
  heldIds,
  leasedColumns,
  messagesOf,
  nextText,
  readChecked,
  readLeased,
  redeliverText,
  withEvent,
} from '../sql/outbox.ts'
import { fromEvent } from '../sql/rows.ts'
import { type Names, tables } from '../sql/tables.ts'
import { toMessageRow } from './commit.ts'
import { insertText, toJsonRow } from './recordset.ts'

/** `run` tries again when a concurrent writer won. */
export function createOutbox(names: Names, run: Run<never>): Outbox {
  const texts = { lease: leaseText(names), settle: settleText(names), check: checkText(postgres, names) }
  return {
    async lease({ owner, ms }, { limit, now }) {
      const answer = await run(texts.lease, [owner, ms, limit, now && postgres.time(now)])
      return postgres.rowsOf(answer).map(row => readLeased(postgres, row))
    },

    async check(holds) {
      if (holds.length === 0) return []
      return readChecked(postgres, postgres.rowsOf(await run(texts.check, [heldIds(holds), null])), holds)
    },

    async settle(settled, lease) {
      if (settled.length === 0) return []
      const answer = await run(texts.settle, [JSON.stringify(settlementRows(settled, lease))])
      const held = new Set(postgres.rowsOf(answer).map(row => row['id']))
      return settled.map(({ settlement }) => settlement.id).filter(id => held.has(id))
    },

    async redeliver(id, now) {
      return (await run(redeliverText(postgres, names), [id, now && postgres.time(now)])).length > 0
    },

    async next() {
      const [row] = postgres.rowsOf(await run(nextText(postgres, names), []))
      const dueAt = row?.['due_at']
      return typeof dueAt === 'number' ? { dueAt: new Date(dueAt) } : null
    },
  }
}

/** Materialized: as a subquery of the update, another plan may lease more rows than the limit. */
const leaseText = (names: Names) => `with due as materialized (
  select seq from ${names.outbox}
  where due_at is not null and due_at <= ${postgres.now('$4')} and (leased_until is null or leased_until <= clock_timestamp())
  order by seq limit cast($3 as bigint) for update skip locked
), held as (
  update ${names.outbox} o set lease_owner = $1, leased_until = clock_timestamp() + cast($2 as bigint) * interval '1 millisecond'
  from due where o.seq = due.seq returning ${Object.keys(tables.outbox)
    .map(column => `o.${column}`)
    .join(', ')}
) ${postgres.whole(`select ${leasedColumns(postgres)} from held o ${withEvent(names)} order by o.seq`)}`

function settlementRows(inputs: readonly Settled[], lease: Lease | null) {
  return {
    settled: inputs.map(({ settlement, owner }) => {
      const { final, ...row } = fromSettlement(settlement)
      return { ...toJsonRow('outbox', row), final, owner }
    }),
    events: inputs.flatMap(({ settlement, event }) =>
      event ? [{ ...toJsonRow('events', fromEvent(event)), by: settlement.id }] : [],
    ),
    messages: messagesOf(inputs).map(({ by, message }) => ({ ...toMessageRow(message, lease), by })),
  }
}

const settledColumns =
  'id text, status text, provider_id text, failure text, sent_at timestamptz, due_at timestamptz, updated_at timestamptz, final boolean, owner text'

const settleText = (names: Names) => `with input as materialized (select cast($1 as jsonb) as j),
settled as materialized (select id, status, provider_id, failure, sent_at, due_at, updated_at, final, owner from jsonb_to_recordset((select j -> 'settled' from input)) as x(${settledColumns})),
held as materialized (
  select o.seq, o.id, o.kind = 'event' and s.final as gone from ${names.outbox} o join settled s on s.id = o.id
  where o.due_at is not null and o.lease_owner = s.owner and o.leased_until > clock_timestamp() order by o.seq for update of o
),
deleted as (delete from ${names.outbox} o using held where o.seq = held.seq and held.gone),
updated as (
  update ${names.outbox} o set status = s.status, attempts = o.attempts + 1, provider_id = s.provider_id, failure = s.failure,
    sent_at = s.sent_at, due_at = s.due_at, updated_at = s.updated_at, lease_owner = null, leased_until = null
  from held join settled s on s.id = held.id where o.seq = held.seq and not held.gone
),
events as (${insertText(names, { table: 'events', list: 'events', after: 'held where held.id = x.by' })}),
messages as (${insertText(names, { table: 'outbox', list: 'messages', after: 'held where held.id = x.by' })})
${postgres.whole('select id from held')}`
