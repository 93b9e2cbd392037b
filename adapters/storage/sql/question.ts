// The question as one statement for both dialects. One text for each shape of question: what is not asked is not planned.
import type { Question } from '../../../src/index.ts'
import { asText, type Dialect, outgoing, type Parameter } from './dialect.ts'
import type { Names, TableName } from './tables.ts'

/** The question as parameters: organization, lists, time, bounds. */
export function questionParameters(dialect: Dialect, question: Question): readonly Parameter[] {
  const { organizationId, ids, emails, phones, users, keys, inviters, marks, now, pending, seats } = question
  const lists = JSON.stringify({ ids, emails, phones, users, keys, inviters, marks })
  return [organizationId, lists, now && dialect.time(now), pending, seats]
}

/** The texts, written once for each of the few shapes that a host asks in. */
export function createReadText(dialect: Dialect, names: Names): (question: Question) => string {
  const texts = new Map<string, string>()
  return question => {
    const asked = askedIn(question)
    const shape = asked.join()
    const text = texts.get(shape) ?? readText(dialect, names, asked)
    texts.set(shape, text)
    return text
  }
}

const lists = ['ids', 'emails', 'phones', 'users', 'keys', 'inviters', 'marks'] as const
const bounds = ['pending', 'seats'] as const
type Asked = (typeof lists)[number] | (typeof bounds)[number] | 'members'

function askedIn(question: Question): readonly Asked[] {
  const members = question.members ? (['members'] as const) : []
  return [...lists.filter(list => question[list].length > 0), ...bounds.filter(bound => question[bound] !== null), ...members]
}

/** A part of the answer, and what must be asked for it to be told: one of each group. */
interface Part {
  readonly name: string
  readonly needs: readonly (readonly Asked[])[]
  readonly expression: string
}

function readText(dialect: Dialect, names: Names, asked: readonly Asked[]): string {
  const always = [
    ['version', `(select max(version) from ${names.schema})`],
    ['reader', `(select max(minimum_reader) from ${names.schema})`],
    ['revision', `coalesce((select revision from ${names.scopes} where organization_id = $1), 0)`],
    ['now', dialect.out('t.now', 'time')],
  ] as const
  const told = partsOf(dialect, names).filter(({ needs }) => needs.every(group => group.some(one => asked.includes(one))))
  const answer = dialect.object([...always, ...told.map(({ name, expression }) => [name, expression] as const)])
  return `with ${commonTables(dialect, names, asked).join(', ')} select ${asText(dialect, answer)} as json from t`
}

/** Who is meant, as far as it is asked. Every parameter has a place in `t`: Postgres refuses those that a text does not use. */
function commonTables(dialect: Dialect, { invites, members }: Names, asked: readonly Asked[]): readonly string[] {
  const { among, each, now } = dialect
  const has = (one: Asked) => asked.includes(one)
  const union = (parts: readonly (string | false)[]) => parts.filter(part => part !== false).join(' union ')
  const at = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') => {
    const wanted = [has(list) && each('$2', list), has('ids') && `select ${column} from named`].filter(part => part !== false)
    return (
      wanted.length > 0 &&
      `select id from ${invites} where organization_id = $1 and status = 'pending' and ${among(column, wanted.join(' union all '))}`
    )
  }
  const users = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') =>
    has(list) && `select user_id from ${members} where organization_id = $1 and ${among(column, each('$2', list))}`
  // By id alone first: given the organization too, Postgres may walk all of its rows in another index and look for the id there.
  const named = [
    `ours as materialized (select id, organization_id, email_key, phone_key, inviter_id from ${invites} where ${among('id', each('$2', 'ids', 'id'))})`,
    'named as materialized (select id, email_key, phone_key, inviter_id from ours where organization_id = $1)',
  ]
  const found = union([has('ids') && 'select id from named', at('email_key', 'emails'), at('phone_key', 'phones')])
  const people = union([
    has('users') && each('$2', 'users'),
    has('ids') && 'select inviter_id from named',
    users('email_key', 'emails'),
    users('phone_key', 'phones'),
  ])
  return [
    `t as materialized (select ${now('$3')} as now, cast($2 as text) as lists, cast($4 as bigint) as pending, cast($5 as bigint) as seats)`,
    ...(has('ids') ? named : []),
    ...(found === '' ? [] : [`found(id) as (${found})`]),
    ...(people === '' ? [] : [`people(user_id) as (${people})`]),
  ]
}

function partsOf(dialect: Dialect, names: Names): readonly Part[] {
  const { among, each, flag } = dialect
  const rows = (table: TableName, where: string) =>
    dialect.array(outgoing(dialect, table, 'x'), `from ${names[table]} x where ${where}`)
  // Without the order a planner may walk the table, hoping to meet enough rows soon; with it, it ends an index at the bound.
  const bounded = (table: TableName, bound: '$4' | '$5', where: string, order: string) =>
    `(select count(*) from (select 1 as one from ${names[table]} where organization_id = $1 and ${where}
      order by ${order} limit cast(${bound} as bigint)) c)`
  const tallies = (table: TableName, key: string, time: string, where: string) =>
    dialect.array(
      { key, count: 'count(*)', oldest: dialect.out(`min(${time})`, 'time') },
      `from ${names[table]} where ${where} and ${time} > (select ${dialect.ago('now', day)} from t) group by ${key}`,
    )
  const made = `organization_id = $1 and ${among('actor_id', each('$2', 'inviters'))} and type in ('invite.created', 'invite.resent')`
  const sends = `kind = 'delivery' and ${among('mark', each('$2', 'marks'))}`
  const uses = `${among('x.invite_id', 'select id from named')} and ${among('x.user_id', each('$2', 'users'))}`
  const live = `status = 'pending' and expires_at > (select now from t)`
  return [
    { name: 'pending', needs: [['pending']], expression: bounded('invites', '$4', live, 'expires_at') },
    {
      name: 'invites',
      needs: [['ids', 'emails', 'phones']],
      expression: rows('invites', among('x.id', 'select id from found')),
    },
    { name: 'uses', needs: [['ids'], ['users']], expression: rows('uses', uses) },
    {
      name: 'kept',
      needs: [['keys']],
      expression: rows('kept', `x.organization_id = $1 and ${among('x.key', each('$2', 'keys'))}`),
    },
    { name: 'made', needs: [['inviters']], expression: tallies('events', 'actor_id', 'at', made) },
    { name: 'sends', needs: [['marks']], expression: tallies('outbox', 'mark', 'created_at', sends) },
    {
      name: 'seats',
      needs: [['seats'], ['members']],
      expression: bounded('members', '$5', `removed = ${flag(false)}`, 'user_id'),
    },
    {
      name: 'members',
      needs: [['members'], ['ids', 'emails', 'phones', 'users']],
      expression: rows('members', `x.organization_id = $1 and ${among('x.user_id', 'select user_id from people')}`),
    },
  ]
}

const day = 86_400_000
