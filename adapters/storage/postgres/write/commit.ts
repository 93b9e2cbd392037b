// A commit as one statement: it claims the revision, writes all rows, and fails as a whole when a row count is wrong.
import type { Changes } from '../../../../src/core.ts'
import type { Parameter } from '../../sql/dialect.ts'
import type { Names } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'
import { writeTexts } from './ctes.ts'
import { countOf, createTexts, placesFrom, rowsOf, type WrittenList } from './rows.ts'

export interface Statement {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

/** `lockTimeout` is null in a host's transaction: the setting is the host's. The rows are encoded at once. */
export function createCommit(names: Names): (changes: Changes, lockTimeout: string | null) => Statement {
  const textFor = createTexts((written, also: Also) => commitText(names, written, also))
  return (changes, lockTimeout) => {
    const { organizationId, revision, erased, expireBefore } = changes
    const rows = rowsOf(changes)
    const { text, parameters } = textFor(rows, { expires: expireBefore !== null, erases: erased.length > 0 })
    const times = expireBefore === null ? [] : [postgres.time(expireBefore)]
    const ids = erased.length === 0 ? [] : [JSON.stringify(erased)]
    return { text, parameters: [organizationId, revision, lockTimeout, countOf(rows), ...parameters, ...times, ...ids] }
  }
}

interface Also {
  readonly expires: boolean
  readonly erases: boolean
}

/** Without a claim no row is written or counted. A wrong count divides by zero; a constant divisor would fail at planning. */
function commitText(names: Names, written: readonly WrittenList[], { expires, erases }: Also): string {
  const take = placesFrom(5)
  const ctes = [...writeTexts(names, { written, expires }, take), ...(erases ? erasedTexts(names, take(1)) : [])]
  const rows = ['select revision from claim', ...written.map(({ list }) => `select 0 from ${list}`)].join(' union all ')
  const isWhole = 'count(*) = cast($4 as bigint) + 1 and max(revision) = cast($2 as bigint) + 1'
  return `with ${[lockText, claimText(names), ...ctes].join(', ')}
select cast(case when count(*) = 0 then 0 else 1 / (case when ${isWhole} then 1 else 0 end) end as text) as committed from (${rows}) written`
}

/** A lock timeout, since a call without `tx` inside the host's own transaction would wait for itself for ever. */
export const lockText = `own as materialized (select set_config('lock_timeout', coalesce($3, current_setting('lock_timeout')), true))`

/** Bumps the revision. Only a decision on revision 0 may insert the row. A stale claim waits for the row, then changes nothing. */
const claimText = ({ scopes }: Names) => `claim as (insert into ${scopes} as s (organization_id, revision)
select $1, 1 from own where cast($2 as bigint) = 0 or exists (select 1 from ${scopes} where organization_id = $1)
on conflict (organization_id) do update set revision = s.revision + 1 where s.revision = cast($2 as bigint)
returning s.organization_id, s.revision)`

/** Erases only what was stored before: a statement does not see its own rows. */
function erasedTexts(names: Names, place: number): string[] {
  const ids = `select e from jsonb_array_elements_text(cast($${place} as jsonb)) e`
  const those = `exists (select 1 from claim) and organization_id = $1`
  const invites = `${those} and invite_id = any(array(select cast(e as uuid) from (${ids}) erased))`
  return [
    `blanked as (update ${names.events} set data = '{}' where ${invites})`,
    `unsent as (delete from ${names.outbox} where ${invites} and status = 'queued')`,
    `forgotten as (delete from ${names.kept} where ${those} and exists (${ids} where strpos(cast(answer as text), e) > 0))`,
  ]
}
