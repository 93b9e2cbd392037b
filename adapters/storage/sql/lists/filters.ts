// The filters of a list query as SQL conditions. Each is compared with a value of the same name.
import { type ExpressionBuilder, sql } from 'kysely'
import type { InviteStatus, ListQuery } from '../../../../src/core.ts'
import type { Dialect, Parameter } from '../dialect.ts'
import type { Row } from '../tables.ts'
import { bound, withValue } from './builder.ts'

type Invites = ExpressionBuilder<{ x: Row<'invites'> }, 'x'>

/** The values of the filters that are set, by their names. */
export function valuesOf(dialect: Dialect, query: ListQuery): Readonly<Record<string, Parameter>> {
  const { organizationId, now, role, email, phone, inviterId, externalId, q, created, expires, status } = query
  const time = (value: Date | null) => value && dialect.time(value)
  const values = {
    organization_id: organizationId,
    role,
    email_key: email,
    phone_key: phone,
    inviter_id: inviterId,
    external_id: externalId,
    created_from: time(created.from),
    created_to: time(created.to),
    expires_from: time(expires.from),
    expires_to: time(expires.to),
    // Lowered here, as the column is: databases differ in the case of letters beyond ASCII.
    q: q === null ? null : q.toLowerCase(),
    now: status === null ? null : dialect.time(now),
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null))
}

const equal = ['organization_id', 'role', 'email_key', 'phone_key', 'inviter_id', 'external_id'] as const
const ranges = [
  ['created_at', '>=', 'created_from'],
  ['created_at', '<', 'created_to'],
  ['expires_at', '>=', 'expires_from'],
  ['expires_at', '<', 'expires_to'],
] as const

export const filtersOf =
  (dialect: Dialect, { status }: ListQuery, values: Readonly<Record<string, Parameter>>) =>
  (eb: Invites) =>
    eb.and([
      ...equal.filter(name => name in values).map(name => eb(`x.${name}`, '=', name)),
      ...ranges
        .filter(([, , name]) => name in values)
        .map(([column, past, name]) => eb(`x.${column}`, past, bound<Date>(dialect, name, 'time'))),
      ...(status === null ? [] : [eb.or(status.map(each => hasStatus(eb, dialect, each)))]),
      ...('q' in values ? [contains(dialect)] : []),
    ])

/** A pending invite counts as expired once `expires_at` has passed, even if its row still says pending. */
function hasStatus(eb: Invites, dialect: Dialect, status: InviteStatus) {
  const now = bound<Date>(dialect, 'now', 'time')
  const pending = eb('x.status', '=', sql.lit('pending'))
  if (status === 'pending') return eb.and([pending, eb('x.expires_at', '>', now)])
  const stored = eb('x.status', '=', sql.lit(status))
  return status === 'expired' ? eb.or([stored, eb.and([pending, eb('x.expires_at', '<=', now)])]) : stored
}

/** Not a `like` pattern, so `%` and `_` are ordinary characters. */
const contains = (dialect: Dialect) => withValue<boolean>(`${dialect.position('?', 'x.search')} > 0`, 'q')
