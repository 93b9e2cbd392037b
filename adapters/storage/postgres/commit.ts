// All that a commit writes, as one statement: claimed at its revision, asserted inside, so that no half of it can stay.
import type { Changes, Lease, MessageRow } from '../../../src/index.ts'
import type { Parameter } from '../sql/dialect.ts'
import { fromInvite } from '../sql/inviterow.ts'
import { fromEvent, fromKept, fromMember, fromMessage, fromUse } from '../sql/rows.ts'
import type { Names, TableName } from '../sql/tables.ts'
import { writtenColumns } from '../sql/tables.ts'
import { given, insertText, listed, toJsonRow, toParameters, upsert } from './recordset.ts'

/** The lists of rows, in the order in which they are written, and the tables that they go to. */
const tables = {
  ended: 'invites',
  live: 'invites',
  uses: 'uses',
  members: 'members',
  kept: 'kept',
  events: 'events',
  messages: 'outbox',
} as const satisfies Partial<Record<keyof Changes, TableName>>
type List = keyof typeof tables
const lists = Object.keys(tables) as readonly List[]

type Rows = Readonly<Record<List, readonly Record<string, unknown>[]>>

export interface Statement {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

/** Up to so many rows go as parameters, which Postgres takes in a third less time than the same as JSON. */
const few = 8

/** `lockTimeout` is null in a host's transaction: the setting is the host's. The rows are encoded at once. */
export function createCommit(names: Names): (changes: Changes, lockTimeout: string | null) => Statement {
  const texts = new Map<string, string>()
  return (changes, lockTimeout) => {
    const { organizationId, revision, erased } = changes
    const rows = rowsOf(changes)
    const counts = lists.map(list => rows[list].length)
    const areFew = erased.length === 0 && counts.reduce((sum, count) => sum + count) <= few
    // One text for each set of tables that is written (and their numbers of rows): what is not written is not planned.
    const shape = areFew ? counts.join() : [...lists, 'erased' as const].filter(list => changes[list].length > 0).join()
    const text = texts.get(shape) ?? (areFew ? fewText(names, rows) : manyText(names, rows, erased.length > 0))
    texts.set(shape, text)
    const count = counts.reduce((sum, count) => sum + count)
    const values = areFew
      ? lists.flatMap(list => toParameters(tables[list], rows[list]))
      : [JSON.stringify({ ...rows, erased })]
    return { text, parameters: [organizationId, revision, lockTimeout, count, ...values] }
  }
}

function rowsOf(changes: Changes): Rows {
  const { organizationId, lease } = changes
  return {
    ended: changes.ended.map(invite => toJsonRow('invites', fromInvite(invite))),
    live: changes.live.map(invite => toJsonRow('invites', fromInvite(invite))),
    uses: changes.uses.map(use => toJsonRow('uses', fromUse(use))),
    members: changes.members.map(member => toJsonRow('members', fromMember(organizationId, member))),
    kept: changes.kept.map(kept => toJsonRow('kept', fromKept(organizationId, kept))),
    events: changes.events.map(event => toJsonRow('events', fromEvent(event))),
    messages: changes.messages.map(message => toMessageRow(message, lease)),
  }
}

export const toMessageRow = (message: MessageRow, lease: Lease | null): Record<string, unknown> => ({
  ...toJsonRow('outbox', fromMessage(message, lease)),
  lease_owner: lease?.owner ?? null,
  lease_ms: lease?.ms ?? null,
})

function fewText(names: Names, rows: Rows): string {
  const written = lists.filter(list => rows[list].length > 0)
  let next = 5
  const texts = written.map(list => {
    const first = next
    next += toParameters(tables[list], rows[list]).length
    return writeText(names, list, given(tables[list], rows[list].length, first), written)
  })
  return commitText(names, texts, written)
}

function manyText(names: Names, rows: Rows, erases: boolean): string {
  const written = lists.filter(list => rows[list].length > 0)
  const texts = written.map(list => writeText(names, list, listed(tables[list], list), written))
  const input = 'input as materialized (select cast($5 as jsonb) as j)'
  return commitText(names, [input, ...texts, ...(erases ? erasedTexts(names) : [])], written)
}

/** Without a claim no row is written, and none is counted. The divisor is computed from the rows: a constant would raise when it is planned. */
function commitText(names: Names, ctes: readonly string[], written: readonly List[]): string {
  const rows = ['select revision from claim', ...written.map(list => `select 0 from ${list}`)].join(' union all ')
  const isWhole = 'count(*) = cast($4 as bigint) + 1 and max(revision) = cast($2 as bigint) + 1'
  return `with ${[lockText, claimText(names), ...ctes].join(', ')}
select cast(case when count(*) = 0 then 0 else 1 / (case when ${isWhole} then 1 else 0 end) end as text) as committed from (${rows}) written`
}

/** Waiting for a lock ends: whoever calls us un-joined inside its own transaction would wait for itself. */
export const lockText = `own as materialized (select set_config('lock_timeout', coalesce($3, current_setting('lock_timeout')), true))`

/** No row yet: only a decision on revision 0 may insert it. A stale claim waits for the row, then finds nothing to bump. */
const claimText = ({ scopes }: Names) => `claim as (insert into ${scopes} as s (organization_id, revision)
select $1, 1 from own where cast($2 as bigint) = 0 or exists (select 1 from ${scopes} where organization_id = $1)
on conflict (organization_id) do update set revision = s.revision + 1 where s.revision = cast($2 as bigint) returning s.revision)`

function writeText(names: Names, list: List, source: string, written: readonly List[]): string {
  if (list === 'ended') return `ended as (${endedText(names, source)})`
  const table = tables[list]
  // Sibling CTEs have no order: reading the count of the ended ones makes them give up their addresses first.
  const after = list === 'live' && written.includes('ended') ? 'claim, (select count(*) as ended from ended) before' : 'claim'
  const changes = table === 'invites' || table === 'members' || table === 'kept'
  return `${list} as (${insertText(names, { table, list, source, after, ...(changes ? { conflict: upsert(names, table) } : {}) })})`
}

function endedText(names: Names, source: string): string {
  const set = writtenColumns('invites')
    .filter(column => column !== 'id' && column !== 'organization_id')
    .map(column => `${column} = x.${column}`)
  return `update ${names.invites} i set ${set.join(', ')} from ${source}, claim where i.id = x.id and i.organization_id = $1 and x.organization_id = $1 returning 1`
}

/** Only what was stored before: the rows of this same statement are not seen here. */
function erasedTexts(names: Names): string[] {
  const ids = "select e from input, jsonb_array_elements_text(j -> 'erased') e"
  const those = `exists (select 1 from claim) and organization_id = $1`
  const invites = `${those} and invite_id = any(array(select cast(e as uuid) from (${ids}) erased))`
  return [
    `blanked as (update ${names.events} set data = '{}' where ${invites})`,
    `unsent as (delete from ${names.outbox} where ${invites} and status = 'queued')`,
    `forgotten as (delete from ${names.kept} where ${those} and exists (${ids} where strpos(cast(answer as text), e) > 0))`,
  ]
}
