// Questions as one statement. One text for each shape of question: what is not asked is not planned.
import type { Question } from '../../../src/index.ts'
import { type Parameter, postgres } from '../sql/dialect.ts'
import type { Names, TableName } from '../sql/tables.ts'

const lists = ['ids', 'emails', 'phones', 'users', 'keys', 'templates', 'inviters', 'marks', 'sentTo'] as const
const bounds = ['pending', 'seats'] as const
type List = (typeof lists)[number]
type Asked = List | (typeof bounds)[number] | 'members'

/** As many questions of one shape as there are. */
export const questionParameters = (questions: readonly Question[]): readonly Parameter[] => [
  JSON.stringify(
    questions.map(question => ({
      organization: question.organizationId,
      lists: Object.fromEntries(lists.filter(list => question[list].length > 0).map(list => [list, question[list]])),
      now: question.now,
      pending: question.pending,
      seats: question.seats,
    })),
  ),
]

/** The text for a question and for others of its shape: it answers each in a row with one JSON text, in their order. */
export function createQuestionText(names: Names): (question: Question) => string {
  const texts = new Map<string, string>()
  return question => {
    const asked = askedIn(question)
    const shape = asked.join()
    const text = texts.get(shape) ?? questionText(names, asked)
    texts.set(shape, text)
    return text
  }
}

function askedIn(question: Question): readonly Asked[] {
  const members = question.members ? (['members'] as const) : []
  return [...lists.filter(list => question[list].length > 0), ...bounds.filter(bound => question[bound] !== null), ...members]
}

const columns = 'organization text, lists jsonb, now timestamptz(3), pending bigint, seats bigint'

function questionText(names: Names, asked: readonly Asked[]): string {
  const always = [
    ['schema', `(select json_build_object('version', max(version), 'reader', max(minimum_reader)) from ${names.schema})`],
    ['revision', `coalesce((select revision from ${names.scopes} where ${own}), 0)`],
    ['now', 'q.now'],
  ] as const
  const told = partsOf(names).filter(({ needs }) => needs.every(group => group.some(one => asked.includes(one))))
  const answer = postgres.object([...always, ...told.map(({ name, expression }) => [name, expression] as const)])
  const tables = commonTables(names, asked)
  return `with q as materialized (
  select n, organization, lists, pending, seats, ${postgres.now('now')} as now
  from rows from (jsonb_to_recordset(cast($1 as jsonb)) as (${columns})) with ordinality as x(organization, lists, now, pending, seats, n)
) select (${tables.length === 0 ? '' : `with ${tables.join(', ')} `}select cast(${answer} as text)) as json from q order by n`
}

const own = 'organization_id = q.organization'
const each = (list: List, type?: 'id') => postgres.each('q.lists', list, type)
const { among } = postgres

/** Who is meant, as far as it is asked. */
function commonTables({ invites, members }: Names, asked: readonly Asked[]): readonly string[] {
  const has = (one: Asked) => asked.includes(one)
  const all = (parts: readonly (string | false)[]) => parts.filter(part => part !== false).join(' union all ')
  // Address by address: of all in one condition a planner may think that reading the organization's rows is quicker.
  const holder = (column: 'email_key' | 'phone_key', address: string) =>
    `(select id from ${invites} where ${own} and status = 'pending' and ${column} = ${address})`
  const at = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') => [
    has(list) && `select ${holder(column, 'a.value')} from (${each(list)}) a`,
    has('ids') && `select ${holder(column, `named.${column}`)} from named`,
  ]
  const users = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') =>
    has(list) && `select user_id from ${members} where ${own} and ${among(column, each(list))}`
  // Spelt so that no index of the organization serves: it may be walked as a whole, looking for the id.
  const named = `named as materialized (select id, email_key, phone_key, inviter_id from ${invites}
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

/** A part of the answer, and what must be asked for it to be told: one of each group. */
interface Part {
  readonly name: string
  readonly needs: readonly (readonly Asked[])[]
  readonly expression: string
}

function partsOf(names: Names): readonly Part[] {
  // Whole rows: for a list of columns an expression would be set up for each of them in every call, rows or none.
  const rows = (table: TableName, where: string) => `(select coalesce(json_agg(x), '[]') from ${names[table]} x where ${where})`
  // Without the order a planner may walk the table, hoping to meet enough rows soon; with it, it ends an index at the bound.
  const bounded = (table: TableName, bound: 'pending' | 'seats', where: string, order: string) =>
    `(select count(*) from (select 1 from ${names[table]} where ${own} and ${where} order by ${order} limit q.${bound}) c)`
  const tallies = (table: TableName, key: string, time: string, where: string) =>
    postgres.array(
      { key, count: 'count(*)', oldest: `min(${time})` },
      `from ${names[table]} where ${where} and ${time} > q.now - interval '1 day' group by ${key}`,
    )
  const made = `${own} and ${among('actor_id', each('inviters'))} and type in ('invite.created', 'invite.resent')`
  const before = `select mark from ${names.outbox} where ${among('invite_id', each('sentTo', 'id'))} and mark is not null`
  const sends = `kind = 'delivery' and ${among('mark', `${each('marks')} union all ${before}`)}`
  const uses = `${among('x.invite_id', 'select id from named')} and ${among('x.user_id', each('users'))}`
  const templates = `${among('x.id', each('templates', 'id'))} and x.organization_id in (q.organization, '')`
  return [
    {
      name: 'pending',
      needs: [['pending']],
      expression: bounded('invites', 'pending', `status = 'pending' and expires_at > q.now`, 'expires_at'),
    },
    {
      name: 'invites',
      needs: [['ids', 'emails', 'phones']],
      expression: rows('invites', among('x.id', 'select id from found')),
    },
    { name: 'uses', needs: [['ids'], ['users']], expression: rows('uses', uses) },
    { name: 'kept', needs: [['keys']], expression: rows('kept', `x.${own} and ${among('x.key', each('keys'))}`) },
    {
      name: 'templates',
      needs: [['templates']],
      expression: `(select coalesce(json_agg(x.id), '[]') from ${names.templates} x where ${templates})`,
    },
    { name: 'made', needs: [['inviters']], expression: tallies('events', 'actor_id', 'at', made) },
    { name: 'sends', needs: [['marks', 'sentTo']], expression: tallies('outbox', 'mark', 'created_at', sends) },
    { name: 'seats', needs: [['seats'], ['members']], expression: bounded('members', 'seats', 'not removed', 'user_id') },
    {
      name: 'members',
      needs: [['members'], ['ids', 'emails', 'phones', 'users']],
      expression: rows('members', `x.${own} and ${among('x.user_id', 'select user_id from people')}`),
    },
  ]
}
