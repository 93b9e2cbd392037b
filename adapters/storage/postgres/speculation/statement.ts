// The statement of speculative commits, of one or many organizations. In one snapshot it checks the assumptions of each, and
// it claims the revision at which they held.
import type { Assumptions, Changes } from '../../../../src/core.ts'
import { latest } from '../../sql/migrations.ts'
import type { Names } from '../../sql/tables.ts'
import { slowMs } from '../batcher.ts'
import { postgres } from '../dialect.ts'
import { bounded, type Condition, commonTables, conditionsIn, listsOf, own, where } from '../read/conditions.ts'
import type { Statement } from '../write/commit.ts'
import { writeTexts } from '../write/ctes.ts'
import { concatenated, countOf, createTexts, placesFrom, type Rows, type WrittenList, writtenIn } from '../write/rows.ts'

/** How far the estimated time may be from the database's. */
export const maxDriftMs = 1000

/** The commit of one organization. */
export interface Entry {
  readonly organizationId: string
  readonly rows: Rows
  readonly assumptions: Assumptions
  readonly expireBefore: Changes['expireBefore']
}

/** Entries of the same kind can share a statement. Entries with uses, or that expire idempotency records, never do. */
export function kindOf({ rows, assumptions, expireBefore, organizationId }: Entry): string {
  const isSole = expireBefore !== null || rows.uses.length > 0
  const of = isSole ? `of ${organizationId}` : ''
  return [...writtenIn(rows), ...conditionsIn(assumptions.query), hasVersions(assumptions), of].join()
}

/** For entries of one kind, each of another organization. The statement returns the organizations that it wrote to. */
export function createSpeculativeText(names: Names): (first: Entry, others?: readonly Entry[]) => Statement {
  const textFor = createTexts((written, also: Also) => speculativeText(names, written, also))
  return (first, others = []) => {
    const { assumptions, expireBefore } = first
    const all = [first, ...others]
    const also = {
      conditions: conditionsIn(assumptions.query),
      versioned: hasVersions(assumptions),
      expires: expireBefore !== null,
    }
    const { text, parameters } = textFor(concatenated(all.map(({ rows }) => rows)), also)
    const times = expireBefore === null ? [] : [postgres.time(expireBefore)]
    return { text, parameters: [JSON.stringify(all.map(toRow)), ...parameters, ...times] }
  }
}

export const committedIn = (answer: unknown): readonly string[] => JSON.parse(String(answer)).organizations

const hasVersions = ({ versions }: Assumptions): boolean => versions.length > 0

interface Also {
  readonly conditions: readonly Condition[]
  /** Whether row versions are compared. */
  readonly versioned: boolean
  readonly expires: boolean
}

const toRow = ({ organizationId, rows, assumptions: { query, atMost, versions, until } }: Entry) => ({
  organization: organizationId,
  lists: listsOf(query),
  versions,
  until,
  now: query.now,
  ...atMost,
  count: countOf(rows),
})

const columns = `organization text, lists jsonb, versions jsonb, now timestamptz(3), until timestamptz(3),
  pending bigint, seats bigint, "createdToday" bigint, "sentToday" bigint, count bigint`

/**
 * An organization whose row is locked, or that has no row, is skipped: these statements wait neither for another
 * transaction's revision nor for each other. For other locked rows they wait at most `slowMs`.
 */
function speculativeText(names: Names, written: readonly WrittenList[], { conditions, versioned, expires }: Also): string {
  const { scopes } = names
  const writes = writeTexts(names, { written, expires }, placesFrom(2))
  const rows = written.map(({ list }) => `select 1 from ${list}`).join(' union all ')
  const isWhole = `(select count(*) from (${rows}) w) = (select coalesce(sum(count), 0) from basis join claim on organization_id = organization)`
  return `with own as materialized (select set_config('lock_timeout', '${slowMs}ms', true)),
q as materialized (select x.* from own, jsonb_to_recordset(cast($1 as jsonb)) as x(${columns})),
basis as materialized (
  select organization, count, (select revision from ${scopes} where organization_id = organization) as revision from q where ${holdsText(names, conditions, versioned)}
), free as materialized (
  select organization_id, revision from ${scopes} where organization_id = any(array(select organization from basis))
  order by organization_id for no key update skip locked
), claim as (
  update ${scopes} s set revision = s.revision + 1 where s.organization_id = any(array(
    select organization from basis b join free f on f.organization_id = b.organization and f.revision = b.revision
  )) returning s.organization_id
), ${writes.join(', ')}
select cast(json_build_object('organizations', coalesce(json_agg(organization_id), '[]'),
  'whole', 1 / (case when ${isWhole} then 1 else 0 end)) as text) as committed from claim`
}

/** A query that is true when every assumption holds. */
function holdsText(names: Names, conditions: readonly Condition[], versioned: boolean): string {
  const has = (...some: readonly Condition[]) => some.some(one => conditions.includes(one))
  const none = (from: string) => `not exists (select 1 from ${from})`
  const noneOver = (from: string, key: string, max: string) => none(`${from} group by ${key} having count(*) > ${max}`)
  const common = commonTables(names, conditions)
  const checks = [
    `abs(date_part('epoch', clock_timestamp() - q.now)) * 1000 < ${maxDriftMs}`,
    none(`${names.schema} where minimum_reader > ${latest}`),
    has('pending') && `${bounded(names, 'invites', where.live, 'expires_at', 'q.pending + 1')} <= q.pending`,
    has('seats') && `${bounded(names, 'members', where.seated, 'user_id', 'q.seats + 1')} <= q.seats`,
    versioned && 'coalesce(clock_timestamp() < q.until, true)',
    versioned &&
      none(`jsonb_to_recordset(q.versions) as k(of text, id uuid, "userId" text, version text) where ${differs(names)}`),
    has('emails', 'phones') && none('found where id is not null'),
    has('emails', 'phones') && has('members') && none('people'),
    has('idempotencyKeys') && none(`${names.kept} where ${where.idempotency}`),
    has('templates') &&
      `(select count(*) from ${names.templates} where ${where.templates}) = jsonb_array_length(q.lists -> 'templates')`,
    has('inviters') && noneOver(`${names.events} where ${where.createdToday}`, 'actor_id', 'q."createdToday"'),
    has('addressHashes') && noneOver(`${names.outbox} where ${where.sentToday(names)}`, 'mark', 'q."sentToday"'),
  ].filter(check => check !== false)
  return `(${common.length === 0 ? '' : `with ${common.join(', ')} `}select ${checks.join('\n  and ')})`
}

/** Whether a row was changed, deleted or inserted since: each transaction that writes it gives it another `xmin`. */
function differs({ invites, members, uses }: Names): string {
  const version = (from: string) => `(select cast(xmin as text) from ${from})`
  const now = `case k.of when 'invite' then ${version(`${invites} where id = k.id`)}
    when 'member' then ${version(`${members} where ${own} and user_id = k."userId"`)}
    else ${version(`${uses} where invite_id = k.id and user_id = k."userId"`)} end`
  return `${now} is distinct from k.version`
}
