// All that a commit writes, as one statement: claimed at its revision, asserted inside, so that no half of it can stay.
import type { Changes, Guess, Lease, MessageRow } from '../../../src/index.ts'
import { type Parameter, postgres } from '../sql/dialect.ts'
import { fromInvite } from '../sql/inviterow.ts'
import { fromEvent, fromKept, fromMember, fromMessage, fromUse } from '../sql/rows.ts'
import type { Names, TableName } from '../sql/tables.ts'
import { writtenColumns } from '../sql/tables.ts'
import type { Asked } from './asked.ts'
import { byColumn, columnSource, shapes, type Values } from './columns.ts'
import { guessParameter, guessShape, guessTexts } from './guess.ts'
import { insertText, type Source, upsert } from './insert.ts'
import { toJsonRow } from './listed.ts'

/** The lists of rows, in the order in which they are written, and the tables that they go to. */
const tables = {
  ended: 'invites',
  changed: 'invites',
  made: 'invites',
  uses: 'uses',
  members: 'members',
  kept: 'kept',
  events: 'events',
  messages: 'outbox',
} as const satisfies Partial<Record<keyof Changes, TableName>>
type List = keyof typeof tables
const lists = Object.keys(tables) as readonly List[]

type Rows = Readonly<Record<List, readonly Values[]>>

export interface Statement {
  readonly text: string
  readonly parameters: readonly Parameter[]
}

/** The sets of columns that rows share are many; past the bound none are shared, which is one text for all. */
const mostTexts = 100

export type ToCommit = (changes: Changes, lockTimeout: string | null, guess?: Guess) => Statement

/** `lockTimeout` is null in a host's transaction: the setting is the host's. The rows are encoded at once. */
export function createCommit(names: Names): ToCommit {
  const texts = new Map<string, string>()
  return (changes, lockTimeout, guess) => {
    const { organizationId, revision, erased, forget } = changes
    const rows = rowsOf(changes)
    const written = lists.filter(list => rows[list].length > 0)
    const count = written.reduce((sum, list) => sum + rows[list].length, 0)
    const columns = written.map(list => byColumn(tables[list], rows[list], texts.size >= mostTexts))
    // One text for each set of tables that is written: what is not written is not planned.
    const what = {
      written: written.map((list, index) => ({ list, arrays: columns[index]?.arrays ?? '' })),
      forgets: forget !== null,
      erases: erased.length > 0,
      guess: guess ? guessShape(guess) : null,
    }
    const shape = JSON.stringify(what)
    const text = texts.get(shape) ?? commitText(names, what)
    texts.set(shape, text)
    const parameters = [
      ...[organizationId, guess ? null : revision, lockTimeout, count],
      ...columns.flatMap(each => each.parameters),
      ...(forget === null ? [] : [postgres.time(forget)]),
      ...(erased.length === 0 ? [] : [JSON.stringify(erased)]),
      ...(guess ? [guessParameter(guess)] : []),
    ]
    return { text, parameters }
  }
}

function rowsOf(changes: Changes): Rows {
  const { organizationId, lease } = changes
  return {
    ended: changes.ended.map(fromInvite),
    changed: changes.changed.map(fromInvite),
    made: changes.made.map(fromInvite),
    uses: changes.uses.map(fromUse),
    members: changes.members.map(member => fromMember(organizationId, member)),
    kept: changes.kept.map(kept => fromKept(organizationId, kept)),
    events: changes.events.map(fromEvent),
    messages: changes.messages.map(message => held(message, lease)),
  }
}

const held = (message: MessageRow, lease: Lease | null) =>
  Object.assign(fromMessage(message, lease), { lease_owner: lease?.owner ?? null, lease_ms: lease?.ms ?? null })

/** A message as a row of a list. */
export const toMessageRow = (message: MessageRow, lease: Lease | null) => toJsonRow('outbox', held(message, lease))

/** What a commit does, as far as its text depends on it. */
interface What {
  readonly written: readonly { readonly list: List; readonly arrays: string }[]
  readonly forgets: boolean
  readonly erases: boolean
  /** What the guess is about; null: the revision is known. */
  readonly guess: readonly Asked[] | null
}

/** Without a claim no row is written, and none is counted. The divisor is computed from the rows: a constant would raise when it is planned. */
function commitText(names: Names, { written, forgets, erases, guess }: What): string {
  const take = placesFrom(5)
  const sources = written.map(({ list, arrays }) => ({
    list,
    source: columnSource(tables[list], arrays, take(shapes[tables[list]].length)),
  }))
  const kept = sources.find(({ list }) => list === 'kept')?.source
  const ctes = [
    ...sources.map(({ list, source }, index) => writeText(names, list, source, written.slice(0, index))),
    ...(forgets && kept ? [staleText(names, kept, take(1))] : []),
    ...(erases ? erasedTexts(names, take(1)) : []),
  ]
  const basis = guess === null ? [knownText(names)] : guessTexts(names, guess, take(1))
  const rows = ['select revision from claim', ...written.map(({ list }) => `select 0 from ${list}`)].join(' union all ')
  const isWhole = 'count(*) = cast($4 as bigint) + 1 and max(revision) = coalesce(cast($2 as bigint) + 1, max(revision))'
  return `with ${[lockText, ...basis, claimText(names), ...ctes].join(', ')}
select cast(case when count(*) = 0 then 0 else 1 / (case when ${isWhole} then 1 else 0 end) end as text) as committed from (${rows}) written`
}

/** Gives out so many parameters' places, and answers the first of them. */
function placesFrom(first: number): (count: number) => number {
  let next = first
  return count => {
    const place = next
    next += count
    return place
  }
}

/** But for those that are kept anew: no statement may write a row twice. */
function staleText(names: Names, { relation, value }: Source, place: number): string {
  const anew = `select ${value('key')}${relation === '' ? '' : ` from ${relation}`}`
  const old = `organization_id = $1 and at < cast($${place} as timestamptz(3)) and key <> all(array(${anew}))`
  return `stale as (delete from ${names.kept} where exists (select 1 from claim) and ${old})`
}

/** Waiting for a lock ends: whoever calls us un-joined inside its own transaction would wait for itself. */
export const lockText = `own as materialized (select set_config('lock_timeout', coalesce($3, current_setting('lock_timeout')), true))`

/** The revision that was decided on. Only 0 may be no row yet. */
const knownText = ({ scopes }: Names) => `basis as (select cast($2 as bigint) as revision from own
where cast($2 as bigint) = 0 or exists (select 1 from ${scopes} where organization_id = $1))`

/** A stale claim waits for the row, then finds nothing to bump. */
const claimText = ({ scopes }: Names) => `claim as (insert into ${scopes} as s (organization_id, revision)
select $1, revision + 1 from basis
on conflict (organization_id) do update set revision = excluded.revision where s.revision = excluded.revision - 1 returning s.revision)`

function writeText(names: Names, list: List, source: Source, before: What['written']): string {
  if (list === 'ended') return `ended as (${endedText(names, source)})`
  const table = tables[list]
  const isKnown = list === 'changed' || list === 'members' || list === 'kept'
  // Sibling CTEs have no order: whoever reads the counts of those before it waits until they have given up their addresses.
  const earlier = table === 'invites' ? before.map(each => each.list) : []
  const after = ['claim', ...earlier.map(each => `(select count(*) from ${each}) after_${each}`)].join(', ')
  const conflict = isKnown ? upsert(names, list === 'changed' ? 'invites' : list) : ''
  return `${list} as (${insertText(names, { table, source, after, conflict })})`
}

function endedText(names: Names, { relation, value }: Source): string {
  const set = writtenColumns('invites')
    .filter(column => column !== 'id' && column !== 'organization_id')
    .map(column => `${column} = ${value(column)}`)
  const from = relation === '' ? 'claim' : `${relation}, claim`
  const own = `i.organization_id = $1 and ${value('organization_id')} = $1`
  return `update ${names.invites} i set ${set.join(', ')} from ${from} where i.id = ${value('id')} and ${own} returning 1`
}

/** Only what was stored before: the rows of this same statement are not seen here. */
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
