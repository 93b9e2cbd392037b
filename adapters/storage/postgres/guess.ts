// What a commit took for granted, made sure of in the commit's own statement: in one snapshot with the revision that it is bound to.
import type { Guess } from '../../../src/index.ts'
import { latest } from '../sql/migrations.ts'
import type { Names } from '../sql/tables.ts'
import { type Asked, askedIn, bounded, commonTables, listsOf, where } from './asked.ts'

/** How far the time that was guessed may be from the database's, in milliseconds. */
export const nearby = 1000

/** What the text depends on. */
export const guessShape = ({ question }: Guess): readonly Asked[] => askedIn(question)

export const guessParameter = ({ question, most }: Guess): string =>
  JSON.stringify({ organization: question.organizationId, lists: listsOf(question), now: question.now, ...most })

const columns = 'organization text, lists jsonb, now timestamptz(3), pending bigint, made bigint, sends bigint'

/** CTEs that end with the `basis`: the revision at which all of it is true, or no row. Takes its parameter at `place`. */
export function guessTexts(names: Names, asked: readonly Asked[], place: number): readonly string[] {
  const has = (...some: readonly Asked[]) => some.some(one => asked.includes(one))
  const none = (from: string) => `not exists (select 1 from ${from})`
  const noneOver = (from: string, key: string, most: string) => none(`${from} group by ${key} having count(*) > ${most}`)
  const tables = commonTables(names, asked)
  const conditions = [
    `abs(date_part('epoch', clock_timestamp() - q.now)) * 1000 < ${nearby}`,
    none(`${names.schema} where minimum_reader > ${latest}`),
    has('pending') && `${bounded(names, 'invites', where.live, 'expires_at', 'q.pending + 1')} <= q.pending`,
    has('emails', 'phones') && none('found where id is not null'),
    has('emails', 'phones') && has('members') && none('people'),
    has('keys') && none(`${names.kept} where ${where.kept}`),
    has('templates') &&
      `(select count(*) from ${names.templates} where ${where.templates}) = jsonb_array_length(q.lists -> 'templates')`,
    has('inviters') && noneOver(`${names.events} where ${where.made}`, 'actor_id', 'q.made'),
    has('marks') && noneOver(`${names.outbox} where ${where.sends(names)}`, 'mark', 'q.sends'),
  ].filter(condition => condition !== false)
  const holds = `select ${conditions.join('\n  and ')}`
  const revision = `coalesce((select revision from ${names.scopes} where organization_id = $1), 0)`
  return [
    `q as materialized (select x.* from own, jsonb_to_record(cast($${place} as jsonb)) as x(${columns}))`,
    `basis as materialized (select ${revision} as revision from q
  where (${tables.length === 0 ? '' : `with ${tables.join(', ')} `}${holds}))`,
  ]
}
