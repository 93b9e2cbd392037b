// What a list query leaves: each filter that is set, as a condition.
import { type ExpressionBuilder, sql } from 'kysely'
import type { InviteStatus, ListQuery } from '../../../src/index.ts'
import type { Builder } from './builder.ts'
import type { Dialect } from './dialect.ts'
import type { Row } from './tables.ts'

type Invites = ExpressionBuilder<{ x: Row<'invites'> }, 'x'>
type Time = Builder<unknown>['time']

export const filtersOf = (dialect: Dialect, time: Time, query: ListQuery) => (eb: Invites) =>
  eb.and([
    eb('x.organization_id', '=', query.organizationId),
    ...equalities(eb, query),
    ...inRange(eb, time, 'created_at', query.created),
    ...inRange(eb, time, 'expires_at', query.expires),
    ...(query.status === null ? [] : [eb.or(query.status.map(status => hasStatus(eb, time(query.now), status)))]),
    ...(query.q === null ? [] : [contains(dialect, query.q)]),
  ])

function equalities(eb: Invites, { role, email, phone, inviterId, externalId }: ListQuery) {
  const wanted = { role, email_key: email, phone_key: phone, inviter_id: inviterId, external_id: externalId }
  return (['role', 'email_key', 'phone_key', 'inviter_id', 'external_id'] as const).flatMap(column => {
    const value = wanted[column]
    return value === null ? [] : [eb(`x.${column}`, '=', value)]
  })
}

const inRange = (eb: Invites, time: Time, column: 'created_at' | 'expires_at', { from, to }: ListQuery['created']) => [
  ...(from === null ? [] : [eb(`x.${column}`, '>=', time(from))]),
  ...(to === null ? [] : [eb(`x.${column}`, '<', time(to))]),
]

/** A pending invite is expired once its time has come, whatever the row still says. */
function hasStatus(eb: Invites, now: ReturnType<Time>, status: InviteStatus) {
  const pending = eb('x.status', '=', 'pending')
  if (status === 'pending') return eb.and([pending, eb('x.expires_at', '>', now)])
  const stored = eb('x.status', '=', status)
  return status === 'expired' ? eb.or([stored, eb.and([pending, eb('x.expires_at', '<=', now)])]) : stored
}

/** Lower case is made here, as the column's was. No pattern, so `%` and `_` are letters. */
function contains(dialect: Dialect, q: string) {
  const [before = '', after = ''] = dialect.position('?', 'x.search').split('?')
  return sql<boolean>`${sql.raw(before)}${q.toLowerCase()}${sql.raw(after)} > 0`
}
