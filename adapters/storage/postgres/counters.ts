// Counters in fixed windows: one statement, which also deletes a few windows that are over.
import type { Run } from '../sql/dialect.ts'
import type { Names } from '../sql/tables.ts'
import { postgres } from './dialect.ts'

interface Increment {
  readonly counter: string
  readonly windowMs: number
  readonly now: Date | null
  readonly by: 1 | -1
}

/** A window begins with its first increment. */
export async function incrementCounter({ counters }: Names, run: Run<never>, { counter, windowMs, now, by }: Increment) {
  const [row] = await run(incrementText(counters), [counter, windowMs, now && postgres.time(now), by])
  return { count: Number(row?.['count']), resetsAt: new Date(Number(row?.['resets'])) }
}

const incrementText = (counters: string) => `with t as materialized (select ${postgres.now('$3')} as now),
over as (
  delete from ${counters} where counter in (
    select old.counter from ${counters} old, t where old.resets_at <= t.now and old.counter <> $1
    order by old.resets_at limit 5 for update of old skip locked
  )
)
insert into ${counters} as c (counter, count, resets_at)
select $1, greatest(0, cast($4 as bigint)), t.now + cast($2 as bigint) * interval '1 millisecond' from t
on conflict (counter) do update set
  count = case when c.resets_at <= (select now from t) then excluded.count else greatest(0, c.count + cast($4 as bigint)) end,
  resets_at = case when c.resets_at <= (select now from t) then excluded.resets_at else c.resets_at end
returning cast(count as text) as count, cast(${postgres.out('resets_at', 'time')} as text) as resets`
