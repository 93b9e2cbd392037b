// The question as one statement, and its answer as facts. One text for each shape of question: what is not asked is not planned.
import type { Facts, Question, Tally } from '../../../src/index.ts'
import { type Dialect, outgoing, type Parameter, type RawRow } from './dialect.ts'
import { migrateFirst, storageError } from './errors.ts'
import { latest } from './migrations.ts'
import { decode, toInvite, toKept, toMemberFact, toUse } from './rows.ts'
import type { Names, Row, TableName } from './tables.ts'

/** The question as parameters: organization, lists, time, bounds. */
export function questionParameters(dialect: Dialect, question: Question): readonly Parameter[] {
  const { organizationId, ids, emails, phones, users, keys, inviters, marks, now, pending, seats } = question
  const lists = JSON.stringify({ ids, emails, phones, users, keys, inviters, marks })
  return [organizationId, lists, now && dialect.time(now), pending, seats]
}

/** A function, so that the few shapes that a host asks in are written once each. */
export function createReadText(dialect: Dialect, names: Names): (question: Question) => string {
  const texts = new Map<string, string>()
  return question => {
    const asked = partsOf(question)
    const shape = asked.join()
    const text = texts.get(shape) ?? readText(dialect, names, new Set(asked))
    texts.set(shape, text)
    return text
  }
}

type Part = 'ids' | 'emails' | 'phones' | 'users' | 'keys' | 'inviters' | 'marks' | 'pending' | 'seats' | 'members'

function partsOf(question: Question): readonly Part[] {
  const lists = (['ids', 'emails', 'phones', 'users', 'keys', 'inviters', 'marks'] as const).filter(list => question[list].length > 0)
  const bounds = (['pending', 'seats'] as const).filter(bound => question[bound] !== null)
  return [...lists, ...bounds, ...(question.members ? (['members'] as const) : [])]
}

function readText(dialect: Dialect, names: Names, asked: ReadonlySet<Part>): string {
  const { among, each, object } = dialect
  const now = '(select now from t)'
  const dayAgo = `(select ${dialect.ago('now', 86_400_000)} from t)`
  const list = (name: Part, type?: 'id') => each('$2', name, type)
  const at = (column: 'email_key' | 'phone_key', name: 'emails' | 'phones') =>
    `select id from ${names.invites} where organization_id = $1 and status = 'pending' and ${among(column, `${list(name)} union all select ${column} from named`)}`
  const rows = (table: TableName, rest: string) => dialect.array(outgoing(dialect, table, 'x'), `from ${names[table]} x where ${rest}`)
  const tallies = (table: 'events' | 'outbox', key: string, time: string, rest: string) =>
    dialect.array(
      { key, count: 'count(*)', oldest: dialect.out(`min(${time})`, 'time') },
      `from ${names[table]} where ${rest} and ${time} > ${dayAgo} group by ${key}`,
    )
  const bounded = (table: TableName, bound: string, rest: string) =>
    `(select count(*) from (select 1 as one from ${names[table]} where organization_id = $1 and ${rest} limit ${bound}) c)`
  const known = asked.has('ids') || asked.has('emails') || asked.has('phones')

  const pairs: [string, string][] = [
    ['version', `(select max(version) from ${names.schema})`],
    ['reader', `(select max(minimum_reader) from ${names.schema})`],
    ['revision', `coalesce((select revision from ${names.scopes} where organization_id = $1), 0)`],
    ['now', dialect.out('t.now', 'time')],
  ]
  // Without the order a planner with old statistics walks the table; with it, the index ends at the bound.
  if (asked.has('pending')) {
    pairs.push(['pending', bounded('invites', limit('$4'), `status = 'pending' and expires_at > ${now} order by expires_at`)])
  }
  if (known) pairs.push(['invites', rows('invites', among('x.id', 'select id from found'))])
  if (asked.has('ids') && asked.has('users')) {
    pairs.push(['uses', rows('uses', `${among('x.invite_id', 'select id from named')} and ${among('x.user_id', list('users'))}`)])
  }
  if (asked.has('keys')) pairs.push(['kept', rows('kept', `x.organization_id = $1 and ${among('x.key', list('keys'))}`)])
  if (asked.has('inviters')) {
    const mine = `organization_id = $1 and ${among('actor_id', list('inviters'))} and type in ('invite.created', 'invite.resent')`
    pairs.push(['made', tallies('events', 'actor_id', 'at', mine)])
  }
  if (asked.has('marks')) {
    pairs.push(['sends', tallies('outbox', 'mark', 'created_at', `kind = 'delivery' and ${among('mark', list('marks'))}`)])
  }
  if (asked.has('members')) {
    if (asked.has('seats')) pairs.push(['seats', bounded('members', limit('$5'), `removed = ${dialect.name === 'sqlite' ? '0' : 'false'}`)])
    pairs.push(['members', rows('members', `x.organization_id = $1 and ${among('x.user_id', 'select user_id from people')}`)])
  }

  const members = (column: string, name: Part) =>
    `select user_id from ${names.members} where organization_id = $1 and ${among(column, list(name))}`
  const ctes = [
    // Every parameter is named here: Postgres refuses those that a text does not use.
    `t as materialized (select ${dialect.now('$3')} as now, cast($4 as bigint) as pending, cast($5 as bigint) as seats)`,
    `named as materialized (select id, email_key, phone_key, inviter_id from ${names.invites} where organization_id = $1 and ${among('id', list('ids', 'id'))})`,
    `found(id) as (select id from named union ${at('email_key', 'emails')} union ${at('phone_key', 'phones')})`,
    `people(user_id) as (${list('users')} union select inviter_id from named union ${members('email_key', 'emails')} union ${members('phone_key', 'phones')})`,
  ]
  return `with ${ctes.join(', ')} select ${asText(dialect, object(pairs))} as json from t`
}

const limit = (parameter: string) => `coalesce(cast(${parameter} as bigint), 0)`

export const asText = (dialect: Dialect, json: string): string => (dialect.name === 'postgres' ? `cast(${json} as text)` : json)

type Raw = Partial<Record<'invites' | 'uses' | 'members' | 'kept', readonly RawRow[]>> &
  Partial<Record<'made' | 'sends', readonly { readonly key: string; readonly count: number; readonly oldest: number }[]>> & {
    readonly version: number | null
    readonly reader: number | null
    readonly revision: number
    readonly now: number
    readonly pending?: number
    readonly seats?: number
  }

/** Throws `not_migrated` when the tables are older than this code, or too new for it. */
export function toFacts(dialect: Dialect, json: string): Facts {
  const raw: Raw = JSON.parse(json)
  assertVersion(raw.version, raw.reader)
  const rows = <T extends 'invites' | 'uses' | 'members' | 'kept'>(table: T): Row<T>[] =>
    (raw[table] ?? []).map(row => decode(dialect, table, row))
  const tallies = (part: 'made' | 'sends') =>
    new Map((raw[part] ?? []).map(({ key, count, oldest }): [string, Tally] => [key, { count, oldest: new Date(oldest) }]))
  return {
    revision: raw.revision,
    now: new Date(raw.now),
    pending: raw.pending ?? 0,
    seats: raw.seats ?? 0,
    invites: rows('invites').map(toInvite),
    uses: rows('uses').map(toUse),
    members: rows('members').map(toMemberFact),
    kept: rows('kept').map(toKept),
    made: tallies('made'),
    sends: tallies('sends'),
  }
}

function assertVersion(version: number | null, reader: number | null): void {
  if (version === null || version < latest) throw storageError('not_migrated', `the tables are at version ${version ?? 0} of ${latest}: ${migrateFirst}`)
  if (reader !== null && reader > latest) {
    throw storageError('not_migrated', `the tables need at least version ${reader} of the code, this is ${latest}: update invitekit`)
  }
}
