// A facts query as SQL conditions over its row `q`. Used by the statement that reads facts and by the one that checks assumptions.
import type { FactsQuery } from '../../../../src/core.ts'
import type { Names, TableName } from '../../sql/tables.ts'
import { postgres } from '../dialect.ts'

const lists = [
  'ids',
  'emails',
  'phones',
  'users',
  'idempotencyKeys',
  'templates',
  'inviters',
  'addressHashes',
  'sentTo',
] as const
const bounds = ['pending', 'seats'] as const
type List = (typeof lists)[number]
export type Condition = List | (typeof bounds)[number] | 'members'

export function conditionsIn(query: FactsQuery): readonly Condition[] {
  const members = query.members ? (['members'] as const) : []
  return [...lists.filter(list => query[list].length > 0), ...bounds.filter(bound => query[bound] !== null), ...members]
}

/** The lists that are not empty: `q.lists`. */
export const listsOf = (query: FactsQuery): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(lists.filter(list => query[list].length > 0).map(list => [list, query[list]]))

export const own = 'organization_id = q.organization'
const each = (list: List, type?: 'id') => postgres.each('q.lists', list, type)
const { among } = postgres

/** The schema's version and the oldest code that may read it, for `assertVersion`. */
export const schemaText = ({ schema }: Names): string =>
  `(select json_build_object('version', max(version), 'reader', max(minimum_reader)) from ${schema})`

/** The CTEs that find the invites and people of a query; only those that its conditions need. */
export function commonTables({ invites, members }: Names, conditions: readonly Condition[]): readonly string[] {
  const has = (one: Condition) => conditions.includes(one)
  const all = (parts: readonly (string | false)[]) => parts.filter(part => part !== false).join(' union all ')
  // One lookup for each value, here and below: with one condition for all, the planner may read all of the organization's rows.
  const holder = (column: 'email_key' | 'phone_key', address: string) =>
    `(select id from ${invites} where ${own} and status = 'pending' and ${column} = ${address})`
  const at = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') => [
    has(list) && `select ${holder(column, 'a.value')} from (${each(list)}) a`,
    has('ids') && `select ${holder(column, `named.${column}`)} from named`,
  ]
  const users = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') =>
    has(list) &&
    `select unnest(array(select user_id from ${members} where ${own} and ${column} = a.value)) from (${each(list)}) a`
  // `|| ''` keeps the planner from walking an index of the organization to look for the id.
  const named = `named as materialized (select id, kind, email_key, phone_key, inviter_id from ${invites}
    where ${among('id', each('ids', 'id'))} and organization_id || '' = q.organization)`
  const found = all([has('ids') && 'select id from named', ...at('email_key', 'emails'), ...at('phone_key', 'phones')])
  const people = all([
    has('users') && each('users'),
    has('ids') && 'select inviter_id from named',
    users('email_key', 'emails'),
    users('phone_key', 'phones'),
  ])
  return [
    ...(has('ids') ? [named] : []),
    ...(found === '' ? [] : [`found(id) as (${found})`]),
    ...(people === '' || !has('members') ? [] : [`people(user_id) as (${people})`]),
  ]
}

/** Selects of a query's members and uses, each row as `x`. Only open invites have uses. */
export const selectedRows = {
  members: ({ members }: Names) =>
    `(select (select x from ${members} x where ${own} and user_id = p.user_id) as x from (select distinct user_id from people) p)`,
  uses: ({ uses }: Names) =>
    `(select (select x from ${uses} x where invite_id = named.id and user_id = u.value) as x from named, (${each('users')}) u where kind = 'open')`,
}

/** Conditions that find a query's rows. */
export const where = {
  invites: among('id', 'select id from found'),
  seated: `${own} and not removed`,
  live: `${own} and status = 'pending' and expires_at > q.now`,
  idempotency: `${own} and ${among('key', each('idempotencyKeys'))}`,
  templates: `${among('id', each('templates', 'id'))} and organization_id in (q.organization, '')`,
  createdToday: `${own} and ${among('actor_id', each('inviters'))} and type in ('invite.created', 'invite.resent') and ${today('at')}`,
  sentToday({ outbox }: Names): string {
    const before = `select mark from ${outbox} where ${among('invite_id', each('sentTo', 'id'))} and mark is not null`
    return `kind = 'delivery' and ${among('mark', `${each('addressHashes')} union all ${before}`)} and ${today('created_at')}`
  },
}

function today(time: string): string {
  return `${time} > q.now - interval '1 day'`
}

/**
 * Counts matching rows up to a bound. The order makes the planner read an index and stop at the bound; without it, it may
 * scan the table.
 */
export const bounded = (names: Names, table: TableName, condition: string, order: string, bound: string): string =>
  `(select count(*) from (select 1 from ${names[table]} where ${condition} order by ${order} limit ${bound}) c)`
