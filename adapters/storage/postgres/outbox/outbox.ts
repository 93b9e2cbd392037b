// The outbox on Postgres: leased with `skip locked`, settled in one statement, fenced by owner and time.
import type { Lease, Outbox, Settled } from '../../../../src/core.ts'
import type { Run } from '../../sql/dialect.ts'
import {
  checkedSelect,
  checkText,
  countAttemptText,
  freeText,
  fromSettlement,
  idsOf,
  messagesOf,
  nextText,
  readChecked,
  readLeases,
  redeliverText,
  uncountAttemptText,
} from '../../sql/outbox.ts'
import { type Names, tables } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import { listSource, toJsonRow } from '../write/columns.ts'
import { insertText } from '../write/insert.ts'
import { toMessageRow } from '../write/rows.ts'

const time = { now: postgres.out('clock_timestamp()', 'time') }

/** `run` retries when a concurrent writer won. */
export function createOutbox(names: Names, run: Run<never>): Outbox {
  const texts = {
    lease: leaseText(names),
    check: checkText(postgres, names, time),
    settle: settleText(names),
    release: releaseText(names),
  }
  return {
    async lease({ owner, ms }, { limit, now, except, lapsed }) {
      const time = now && postgres.time(now)
      const answer = await run(texts.lease, [owner, ms, limit, time, JSON.stringify({ except }), Number(lapsed)])
      return readLeases(postgres, postgres.rowsOf(answer), owner)
    },

    async check(holds) {
      if (holds.length === 0) return []
      return readChecked(postgres, postgres.rowsOf(await run(texts.check, [idsOf(holds), null])), holds)
    },

    async settle(settled, lease) {
      if (settled.length === 0) return []
      const answer = await run(texts.settle, [JSON.stringify(settlementRows(settled, lease))])
      const held = new Set(postgres.rowsOf(answer).map(row => row['id']))
      return settled.map(({ settlement }) => settlement.id).filter(id => held.has(id))
    },

    async release(holds) {
      if (holds.length > 0) await run(texts.release, [JSON.stringify(holds.map(({ id, owner }) => ({ id, owner })))])
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

/**
 * Materialized, since as a subquery of the update some plans lease more rows than the limit. Time and limit are selects and
 * rows are found by lists, so that the planner uses the index even when its statistics say that the queue is empty.
 */
const leaseText = (names: Names) => `with due as materialized (
  select seq, lease_owner is not null as lapsed from ${names.outbox}
  where due_at is not null and due_at <= (select ${postgres.now('$4')})
    and ${freeText(postgres, { time: 'clock_timestamp()', except: '$5', lapsed: '$6' })}
  order by seq, due_at limit (select cast($3 as bigint)) for update skip locked
), chosen as materialized (
  select seq from due where not lapsed or seq = (select min(seq) from due where lapsed)
), held as (
  update ${names.outbox} o set ${countAttemptText}, lease_owner = $1,
    leased_until = clock_timestamp() + cast($2 as bigint) * interval '1 millisecond'
  where o.seq = any(array(select seq from chosen)) returning ${Object.keys(tables.outbox)
    .map(column => `o.${column}`)
    .join(', ')}
) ${postgres.whole(`${checkedSelect(postgres, names, 'held o', time)} order by o.seq`)}`

const releaseText = (names: Names) =>
  `update ${names.outbox} o set ${uncountAttemptText} ` +
  'from jsonb_to_recordset(cast($1 as jsonb)) as h(id text, owner text) ' +
  'where o.id = h.id and o.due_at is not null and o.lease_owner = h.owner and o.leased_until > clock_timestamp()'

function settlementRows(inputs: readonly Settled[], lease: Lease | null) {
  return {
    settled: inputs.map(({ settlement, owner }) => {
      const { final, ...row } = fromSettlement(settlement)
      return { ...toJsonRow('outbox', row), final, owner }
    }),
    events: inputs.flatMap(({ settlement, event }) => (event ? [{ ...toJsonRow('events', event), by: settlement.id }] : [])),
    messages: messagesOf(inputs).map(({ by, message }) => ({ ...toMessageRow(message, lease), by })),
  }
}

const settledColumns =
  'id text, status text, provider_id text, failure text, sent_at timestamptz, due_at timestamptz, updated_at timestamptz, final boolean, owner text'

const settleText = (names: Names) => `with input as materialized (select cast($1 as jsonb) as j),
settled as materialized (select id, status, provider_id, failure, sent_at, due_at, updated_at, final, owner from jsonb_to_recordset((select j -> 'settled' from input)) as x(${settledColumns})),
held as materialized (
  select o.seq, o.id, o.kind = 'event' and s.final as gone from ${names.outbox} o join settled s on s.id = o.id
  where o.id = any(array(select id from settled)) and o.due_at is not null and o.lease_owner = s.owner and o.leased_until > clock_timestamp() order by o.seq for update of o
),
deleted as (delete from ${names.outbox} o using held where o.seq = held.seq and held.gone),
updated as (
  update ${names.outbox} o set status = s.status, provider_id = s.provider_id, failure = s.failure,
    sent_at = s.sent_at, due_at = s.due_at, updated_at = s.updated_at, lapses = null, lease_owner = null, leased_until = null
  from held join settled s on s.id = held.id where o.seq = held.seq and not held.gone
),
events as (${insertText(names, { table: 'events', source: listSource('events', 'events'), after: 'held where held.id = x.by' })}),
messages as (${insertText(names, { table: 'outbox', source: listSource('outbox', 'messages'), after: 'held where held.id = x.by' })})
${postgres.whole('select id from held')}`
