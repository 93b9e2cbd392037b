// All that a commit writes, as one statement: claimed at its revision, asserted inside, so that no half of it can stay.
import type { Changes, Lease, MessageRow } from '../../../src/index.ts'
import type { Parameter } from '../sql/dialect.ts'
import { fromInvite } from '../sql/inviterow.ts'
import { fromEvent, fromKept, fromMember, fromMessage, fromUse } from '../sql/rows.ts'
import type { Names } from '../sql/tables.ts'
import { writtenColumns } from '../sql/tables.ts'
import { insertText, recordset, toJsonRow, upsert } from './recordset.ts'

const lists = ['ended', 'live', 'uses', 'members', 'kept', 'events', 'messages', 'erased'] as const
type List = (typeof lists)[number]

/** Organization, revision, lock timeout (null in a host's transaction: the setting is the host's), rows. */
export function commitParameters(changes: Changes, lockTimeout: string | null): readonly Parameter[] {
  const { organizationId, revision } = changes
  const rows = {
    ended: changes.ended.map(invite => toJsonRow('invites', fromInvite(invite))),
    live: changes.live.map(invite => toJsonRow('invites', fromInvite(invite))),
    uses: changes.uses.map(use => toJsonRow('uses', fromUse(use))),
    members: changes.members.map(member => toJsonRow('members', fromMember(organizationId, member))),
    kept: changes.kept.map(kept => toJsonRow('kept', fromKept(organizationId, kept))),
    events: changes.events.map(event => toJsonRow('events', fromEvent(event))),
    messages: changes.messages.map(message => toMessageRow(message, changes.lease)),
    erased: changes.erased,
  }
  return [organizationId, revision, lockTimeout, JSON.stringify(rows)]
}

export const toMessageRow = (message: MessageRow, lease: Lease | null): Record<string, unknown> => ({
  ...toJsonRow('outbox', fromMessage(message)),
  lease_owner: lease?.owner ?? null,
  lease_ms: lease?.ms ?? null,
})

/** One text for each set of tables that a commit writes: what is not written is not planned. */
export function createCommitText(names: Names): (changes: Changes) => string {
  const texts = new Map<string, string>()
  return changes => {
    const written = lists.filter(list => changes[list].length > 0)
    const shape = written.join()
    const text = texts.get(shape) ?? commitText(names, new Set(written))
    texts.set(shape, text)
    return text
  }
}

function commitText(names: Names, written: ReadonlySet<List>): string {
  const parts: Readonly<Record<List, readonly [name: string, text: string][]>> = {
    ended: [['ended', endedText(names)]],
    live: [['live', liveText(names, written.has('ended'))]],
    uses: [['uses', insertText(names, { table: 'uses', list: 'uses', after: 'claim' })]],
    members: [
      ['members', insertText(names, { table: 'members', list: 'members', after: 'claim', conflict: upsert(names, 'members') })],
    ],
    kept: [['kept', insertText(names, { table: 'kept', list: 'kept', after: 'claim', conflict: upsert(names, 'kept') })]],
    events: [['events', insertText(names, { table: 'events', list: 'events', after: 'claim' })]],
    messages: [['messages', insertText(names, { table: 'outbox', list: 'messages', after: 'claim' })]],
    erased: erasedTexts(names),
  }
  const ctes = lists.filter(list => written.has(list)).flatMap(list => parts[list])
  const counted = lists.filter(list => written.has(list) && list !== 'erased')
  const asserted = ['(select revision from claim) = cast($2 as bigint) + 1', ...counted.map(rowsMatch)].join(' and ')
  // The divisor is computed from the rows: a constant would be folded, and raise, when the statement is planned.
  return `with ${lockText}, ${claimText(names)}, input as materialized (select cast($4 as jsonb) as j)${ctes.map(([name, text]) => `, ${name} as (${text})`).join('')}
select cast(case when not exists (select 1 from claim) then 0 else 1 / (case when ${asserted} then 1 else 0 end) end as text) as committed`
}

/** Waiting for a lock ends: whoever calls us un-joined inside its own transaction would wait for itself. */
export const lockText = `own as materialized (select set_config('lock_timeout', coalesce($3, current_setting('lock_timeout')), true))`

/** No row yet: only a decision on revision 0 may insert it. A stale claim waits for the row, then finds nothing to bump. */
const claimText = ({ scopes }: Names) => `claim as (insert into ${scopes} as s (organization_id, revision)
select $1, 1 from own where cast($2 as bigint) = 0 or exists (select 1 from ${scopes} where organization_id = $1)
on conflict (organization_id) do update set revision = s.revision + 1 where s.revision = cast($2 as bigint) returning s.revision)`

const rowsMatch = (list: List) => `(select count(*) from ${list}) = jsonb_array_length((select j -> '${list}' from input))`

function endedText(names: Names): string {
  const set = writtenColumns('invites')
    .filter(column => column !== 'id' && column !== 'organization_id')
    .map(column => `${column} = x.${column}`)
  return `update ${names.invites} i set ${set.join(', ')} from ${recordset('invites', 'ended')}, claim where i.id = x.id and i.organization_id = $1 and x.organization_id = $1 returning 1`
}

/** Sibling CTEs have no order: reading the count of the ended ones makes them give up their addresses first. */
const liveText = (names: Names, afterEnded: boolean) =>
  insertText(names, {
    table: 'invites',
    list: 'live',
    after: afterEnded ? 'claim, (select count(*) as ended from ended) before' : 'claim',
    conflict: upsert(names, 'invites'),
  })

/** Only what was stored before: the rows of this same statement are not seen here. */
function erasedTexts(names: Names): [string, string][] {
  const ids = "select e from input, jsonb_array_elements_text(j -> 'erased') e"
  const those = `exists (select 1 from claim) and organization_id = $1`
  const invites = `${those} and invite_id = any(array(select cast(e as uuid) from (${ids}) erased))`
  return [
    ['blanked', `update ${names.events} set data = '{}' where ${invites}`],
    ['unsent', `delete from ${names.outbox} where ${invites} and status = 'queued'`],
    ['forgotten', `delete from ${names.kept} where ${those} and exists (${ids} where strpos(cast(answer as text), e) > 0)`],
  ]
}
