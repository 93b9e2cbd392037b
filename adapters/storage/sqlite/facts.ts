// Reads facts with many small statements in one synchronous transaction, so in one snapshot. In SQLite a statement costs
// very little, while lists and JSON texts in a statement are slow.
import type { Database } from 'better-sqlite3'
import type { DailyCount, Facts, FactsQuery, InviteRecord, MemberFact } from '../../../src/core.ts'
import { type Parameter, selected, type Tuple } from '../sql/dialect.ts'
import { inviteColumns, inviteOf } from '../sql/invite-row.ts'
import { assertVersion } from '../sql/migrations.ts'
import { idempotency, memberFacts, uses } from '../sql/rows.ts'
import type { Names } from '../sql/tables.ts'
import { sqlite } from './dialect.ts'
import { tuples } from './statements.ts'

const toInvite = (row: Tuple) => inviteOf(row, sqlite.fromJson)
const dayMs = 86_400_000

export function createFacts(names: Names): (db: Database, query: FactsQuery) => Facts {
  const texts = textsOf(names)
  type Text = keyof typeof texts
  return (db, query) => {
    const { organizationId: own } = query
    const now = query.now ?? new Date()
    const rows = (text: Text, ...parameters: Parameter[]) => tuples(db, texts[text], parameters)
    const number = (text: Text, ...parameters: Parameter[]) => Number(rows(text, ...parameters)[0]?.[0] ?? 0)
    const [schema = []] = rows('schema')
    assertVersion({ version: schema[0] as number | null, reader: schema[1] as number | null })
    const named = query.ids.flatMap(id => rows('invite', id, own).map(toInvite))
    const dailyCount = (text: 'createdToday' | 'sentToday', key: string, ...before: Parameter[]) =>
      rows(text, ...before, key, now.getTime() - dayMs).flatMap(row => toDailyCount(key, row))
    const addressHashes = [
      ...query.addressHashes,
      ...query.sentTo.flatMap(id => rows('addressHashes', id).map(([mark]) => String(mark))),
    ]
    return {
      revision: number('revision', own),
      now,
      pending: query.pending === null ? 0 : number('pending', own, now.getTime(), query.pending),
      seats: query.seats === null || !query.members ? 0 : number('seats', own, query.seats),
      invites: [...found(named, query, rows).values()],
      uses: named.flatMap(({ id }) => rows('uses', id, JSON.stringify(query.users))).map(row => uses.fromTuple(sqlite, row)),
      members: query.members ? [...people(named, query, rows).values()] : [],
      idempotency: query.idempotencyKeys.flatMap(key => rows('kept', own, key)).map(row => idempotency.fromTuple(sqlite, row)),
      templates: query.templates.flatMap(id => rows('template', id, own)).map(([id]) => String(id)),
      createdToday: new Map(query.inviters.flatMap(user => dailyCount('createdToday', user, own))),
      sentToday: new Map(addressHashes.flatMap(addressHash => dailyCount('sentToday', addressHash))),
    }
  }
}

type Rows = (text: 'byEmail' | 'byPhone' | 'member' | 'memberByEmail' | 'memberByPhone', ...keys: string[]) => readonly Tuple[]

const toDailyCount = (key: string, [count, oldest]: Tuple): [string, DailyCount][] =>
  count === 0 ? [] : [[key, { count: Number(count), oldest: new Date(Number(oldest)) }]]

/** Invites found by id, and pending ones at their addresses or at those of the query. */
function found(named: readonly InviteRecord[], { organizationId, emails, phones }: FactsQuery, rows: Rows) {
  const all = new Map(named.map(each => [each.id, each]))
  const recipients = named.flatMap(each => (each.kind === 'personal' ? each.recipient : []))
  const pending = [...new Set([...emails, ...recipients.flatMap(({ emailKey }) => emailKey ?? [])])].flatMap(email =>
    rows('byEmail', organizationId, email),
  )
  const others = [...new Set([...phones, ...recipients.flatMap(({ phoneKey }) => phoneKey ?? [])])].flatMap(phone =>
    rows('byPhone', organizationId, phone),
  )
  for (const row of [...pending, ...others]) {
    const each = toInvite(row)
    all.set(each.id, each)
  }
  return all
}

/** The members of the query, members at its addresses, and the inviters of invites found by id. */
function people(named: readonly InviteRecord[], query: FactsQuery, rows: Rows): ReadonlyMap<string, MemberFact> {
  const { organizationId: own, emails, phones } = query
  const users = new Set([...query.users, ...named.flatMap(({ inviterId }) => inviterId ?? [])])
  const all = [
    ...[...users].flatMap(user => rows('member', own, user)),
    ...emails.flatMap(email => rows('memberByEmail', own, email)),
    ...phones.flatMap(phone => rows('memberByPhone', own, phone)),
  ]
  return new Map(all.map(row => memberFacts.fromTuple(sqlite, row)).map(member => [member.userId, member]))
}

function textsOf(names: Names) {
  const live = `organization_id = ? and status = 'pending'`
  const from = (columns: Readonly<Record<string, string>>, table: string, where: string) =>
    `select ${selected(columns)} from ${table} x where ${where}`
  // The order makes SQLite read an index and stop at the bound.
  const counted = (table: string, where: string, order: string) =>
    `select count(*) from (select 1 from ${table} where ${where} order by ${order} limit ?)`
  const member = (column: string) => from(memberFacts.columns(sqlite), names.members, `organization_id = ? and ${column} = ?`)
  const dailyCountText = (table: string, where: string, time: string) =>
    `select count(*), min(${time}) from ${table} where ${where} and ${time} > ?`
  return {
    schema: `select max(version), max(minimum_reader) from ${names.schema}`,
    revision: `select revision from ${names.scopes} where organization_id = ?`,
    pending: counted(names.invites, `${live} and expires_at > ?`, 'expires_at'),
    seats: counted(names.members, 'organization_id = ? and removed = 0', 'user_id'),
    invite: from(inviteColumns(sqlite), names.invites, 'id = ? and organization_id = ?'),
    byEmail: from(inviteColumns(sqlite), names.invites, `${live} and email_key = ?`),
    byPhone: from(inviteColumns(sqlite), names.invites, `${live} and phone_key = ?`),
    uses: from(uses.columns(sqlite), names.uses, 'invite_id = ? and user_id in (select value from json_each(?))'),
    member: member('user_id'),
    memberByEmail: member('email_key'),
    memberByPhone: member('phone_key'),
    kept: from(idempotency.columns(sqlite), names.kept, 'organization_id = ? and key = ?'),
    template: `select id from ${names.templates} where id = ? and organization_id in (?, '')`,
    createdToday: dailyCountText(
      names.events,
      `organization_id = ? and actor_id = ? and type in ('invite.created', 'invite.resent')`,
      'at',
    ),
    addressHashes: `select distinct mark from ${names.outbox} where invite_id = ? and mark is not null`,
    sentToday: dailyCountText(names.outbox, `mark = ? and kind = 'delivery'`, 'created_at'),
  }
}
