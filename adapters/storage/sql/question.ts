// The question as one statement for both dialects. One text for each shape of question: what is not asked is not planned.
import type { Question } from '../../../src/index.ts'
import { asText, type Dialect } from './dialect.ts'
import type { Names, TableName } from './tables.ts'

const lists = ['ids', 'emails', 'phones', 'users', 'keys', 'templates', 'inviters', 'marks', 'sentTo'] as const
const bounds = ['pending', 'seats'] as const
type List = (typeof lists)[number]
type Asked = List | (typeof bounds)[number] | 'members'

/** The texts that `write` makes, once for each of the few shapes that a host asks in. */
export function createTextOf(write: (question: Question) => string): (question: Question) => string {
  const texts = new Map<string, string>()
  return question => {
    const shape = askedIn(question).join()
    const text = texts.get(shape) ?? write(question)
    texts.set(shape, text)
    return text
  }
}

function askedIn(question: Question): readonly Asked[] {
  const members = question.members ? (['members'] as const) : []
  return [...lists.filter(list => question[list].length > 0), ...bounds.filter(bound => question[bound] !== null), ...members]
}

/** The lists of a question, those that have anything. */
export const listsOf = (question: Question): Partial<Record<List, readonly string[]>> =>
  Object.fromEntries(lists.flatMap(list => (question[list].length === 0 ? [] : [[list, question[list]]])))

/** Where a question's values stand in the text. */
export interface Source {
  readonly organization: string
  /** The lists as JSON. */
  readonly lists: string
  readonly now: string
  readonly pending: string
  readonly seats: string
}

/** A select of one JSON text, for a question whose values are where `source` says. */
export function answerText(
  dialect: Dialect,
  names: Names,
  { question, source }: { question: Question; source: Source },
): string {
  const asked = askedIn(question)
  const versions = dialect.object([
    ['version', 'max(version)'],
    ['reader', 'max(minimum_reader)'],
  ])
  const always = [
    ['schema', `(select ${versions} from ${names.schema})`],
    ['revision', `coalesce((select revision from ${names.scopes} where organization_id = ${source.organization}), 0)`],
    ['now', source.now],
  ] as const
  const texts = createTexts(dialect, names, source)
  const told = texts.parts.filter(({ needs }) => needs.every(group => group.some(one => asked.includes(one))))
  const answer = dialect.object([...always, ...told.map(({ name, expression }) => [name, expression] as const)])
  const tables = texts.commonTables(asked)
  return `${tables.length === 0 ? '' : `with ${tables.join(', ')} `}select ${asText(dialect, answer)} as json`
}

/** A part of the answer, and what must be asked for it to be told: one of each group. */
interface Part {
  readonly name: string
  readonly needs: readonly (readonly Asked[])[]
  readonly expression: string
}

const day = 86_400_000

function createTexts(dialect: Dialect, names: Names, source: Source) {
  const { among, flag } = dialect
  const { invites, members } = names
  const own = `organization_id = ${source.organization}`
  const each = (list: List, type?: 'id') => dialect.each(source.lists, list, type)

  /** Who is meant, as far as it is asked. */
  function commonTables(asked: readonly Asked[]): readonly string[] {
    const has = (one: Asked) => asked.includes(one)
    const all = (parts: readonly (string | false)[]) => parts.filter(part => part !== false).join(' union all ')
    // Address by address: of all in one condition Postgres would guess that reading the organization's rows is quicker.
    const holder = (column: 'email_key' | 'phone_key', address: string) =>
      `(select id from ${invites} where ${own} and status = 'pending' and ${column} = ${address})`
    const at = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') => [
      has(list) && `select ${holder(column, 'a.value')} from (${each(list)}) a`,
      has('ids') && `select ${holder(column, `named.${column}`)} from named`,
    ]
    const users = (column: 'email_key' | 'phone_key', list: 'emails' | 'phones') =>
      has(list) && `select user_id from ${members} where ${own} and ${among(column, each(list))}`
    // Spelt so that no index of the organization serves: Postgres may walk all of its rows there, looking for the id.
    const named = `named as materialized (select id, email_key, phone_key, inviter_id from ${invites}
    where ${among('id', each('ids', 'id'))} and organization_id || '' = ${source.organization})`
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

  const rows = (table: TableName, where: string) => dialect.records(table, `from ${names[table]} x where ${where}`)
  // Without the order a planner may walk the table, hoping to meet enough rows soon; with it, it ends an index at the bound.
  const bounded = (table: TableName, bound: string, where: string, order: string) =>
    `(select count(*) from (select 1 as one from ${names[table]} where ${own} and ${where} order by ${order} limit ${bound}) c)`
  const tallies = (table: TableName, key: string, time: string, where: string) =>
    dialect.array(
      { key, count: 'count(*)', oldest: dialect.out(`min(${time})`, 'time') },
      `from ${names[table]} where ${where} and ${time} > ${dialect.ago(source.now, day)} group by ${key}`,
    )
  const made = `${own} and ${among('actor_id', each('inviters'))} and type in ('invite.created', 'invite.resent')`
  const before = `select mark from ${names.outbox} where ${among('invite_id', each('sentTo', 'id'))} and mark is not null`
  const sends = `kind = 'delivery' and ${among('mark', `${each('marks')} union all ${before}`)}`
  const uses = `${among('x.invite_id', 'select id from named')} and ${among('x.user_id', each('users'))}`
  const live = `status = 'pending' and expires_at > ${source.now}`
  const parts: readonly Part[] = [
    { name: 'pending', needs: [['pending']], expression: bounded('invites', source.pending, live, 'expires_at') },
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
      expression: dialect.array(
        { id: 'x.id' },
        `from ${names.templates} x where ${among('x.id', each('templates', 'id'))} and x.organization_id in (${source.organization}, '')`,
      ),
    },
    { name: 'made', needs: [['inviters']], expression: tallies('events', 'actor_id', 'at', made) },
    { name: 'sends', needs: [['marks', 'sentTo']], expression: tallies('outbox', 'mark', 'created_at', sends) },
    {
      name: 'seats',
      needs: [['seats'], ['members']],
      expression: bounded('members', source.seats, `removed = ${flag(false)}`, 'user_id'),
    },
    {
      name: 'members',
      needs: [['members'], ['ids', 'emails', 'phones', 'users']],
      expression: rows('members', `x.${own} and ${among('x.user_id', 'select user_id from people')}`),
    },
  ]
  return { commonTables, parts }
}
