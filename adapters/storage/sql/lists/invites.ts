// Lists of invites: pages in a total order, capped counts, invites to an address, and due ones.
import { sql } from 'kysely'
import type { ListQuery, Lists, SortKey } from '../../../../src/core.ts'
import type { Tuple } from '../dialect.ts'
import { inviteColumns, inviteOf } from '../invite-row.ts'
import { toRef } from '../rows.ts'
import { bound, createBuilder, type Setup, withValue } from './builder.ts'
import { filtersOf, valuesOf } from './filters.ts'

type InviteLists<Tx> = Pick<Lists<Tx>, 'invites' | 'total' | 'mine' | 'addressed' | 'due' | 'remindable'>

export function createInviteLists<Tx>(setup: Setup<Tx>): InviteLists<Tx> {
  const { db, from, columns, rows } = createBuilder(setup)
  const { dialect } = setup
  const toInvite = (row: Tuple) => inviteOf(row, dialect.fromJson)
  const whole = columns(inviteColumns(dialect))
  const found = columns({ id: 'x.id', organization_id: 'x.organization_id' })
  const limited = bound<number>(dialect, 'limit', 'int')
  const now = bound<Date>(dialect, 'now', 'time')
  const excepted = dialect.among('x.organization_id', dialect.each('?', 'except'))

  function page(query: ListQuery, values: ReturnType<typeof valuesOf>) {
    const { after, descending } = query
    const sort = sql.ref(`x.${columnOf[query.sort]}`)
    const direction = descending ? 'desc' : 'asc'
    const past = sql.raw(descending ? '<' : '>')
    const filtered = from('invites')
      .select(whole)
      .where(filtersOf(dialect, query, values))
    const last = sql`(${bound(dialect, 'after', 'time')}, ${bound(dialect, 'after_id', 'id')})`
    const rest = after === null ? filtered : filtered.where(sql<boolean>`(${sort}, x.id) ${past} ${last}`)
    return rest.orderBy(sort, direction).orderBy('x.id', direction).limit(limited)
  }

  return {
    async invites(query, tx) {
      const { after, sort, descending, limit, status } = query
      const filters = valuesOf(dialect, query)
      const position = after === null ? {} : { after: dialect.time(after.value), after_id: after.id }
      const values = { ...filters, ...position, limit }
      const shape = `page ${sort} ${descending} ${status} ${Object.keys(values)}`
      return (await rows({ shape, compose: () => page(query, filters), values }, tx)).map(toInvite)
    },

    async total(query, cap, tx) {
      const filters = valuesOf(dialect, query)
      const compose = () => {
        const some = from('invites')
          .select(sql.raw('1').as('one'))
          .where(filtersOf(dialect, query, filters))
          .limit(limited)
        return db.selectFrom(some.as('c')).select(columns({ total: 'count(*)' }))
      }
      const values = { ...filters, limit: cap }
      const [row] = await rows({ shape: `total ${query.status} ${Object.keys(values)}`, compose, values }, tx)
      return Number(row?.[0] ?? 0)
    },

    async mine({ email, phone, now: moment }, tx) {
      const compose = () => {
        const live = from('invites').select(whole).where('x.status', '=', sql.lit('pending')).where('x.expires_at', '>', now)
        const mine = live.where(eb =>
          eb.or([
            ...(email === null ? [] : [eb('x.email_key', '=', 'email')]),
            ...(phone === null ? [] : [eb('x.phone_key', '=', 'phone')]),
          ]),
        )
        return mine.orderBy('x.created_at').orderBy('x.id')
      }
      const shape = `mine ${email === null} ${phone === null}`
      return (await rows({ shape, compose, values: { email, phone, now: dialect.time(moment) } }, tx)).map(toInvite)
    },

    async addressed(address, tx) {
      const [column, value] =
        'email' in address ? (['email_key', address.email] as const) : (['phone_key', address.phone] as const)
      const compose = () => from('invites').select(found).where(`x.${column}`, '=', 'value').orderBy('x.id')
      return (await rows({ shape: `addressed ${column}`, compose, values: { value } }, tx)).map(toRef)
    },

    async due(moment, limit, { of = null, except = [] } = {}) {
      const compose = () => {
        const past = from('invites').select(found).where('x.status', '=', sql.lit('pending')).where('x.expires_at', '<=', now)
        const those = of === null ? past : past.where('x.organization_id', '=', 'of')
        const due = except.length === 0 ? those : those.where(sql<boolean>`not (${withValue(excepted, 'except')})`)
        return due.orderBy('x.expires_at').limit(limited)
      }
      const values = { now: dialect.time(moment), limit, of, except: JSON.stringify({ except }) }
      return (await rows({ shape: `due ${of === null} ${except.length === 0}`, compose, values })).map(toRef)
    },

    async remindable(moment, limit, after) {
      const compose = () => {
        // A literal, as in the partial index: with a parameter the planner may not use that index.
        const waiting = from('invites').select(whole).where(sql<boolean>`x.status = 'pending' and x.remind_at is not null`)
        const due = waiting.where('x.remind_at', '<=', now)
        const last = sql`(${bound(dialect, 'after', 'time')}, ${bound(dialect, 'after_id', 'id')})`
        const rest = after === null ? due : due.where(sql<boolean>`(x.remind_at, x.id) > ${last}`)
        return rest.orderBy('x.remind_at').orderBy('x.id').limit(limited)
      }
      const position = after === null ? {} : { after: dialect.time(after.remindAt), after_id: after.id }
      const values = { now: dialect.time(moment), limit, ...position }
      return (await rows({ shape: `remindable ${after === null}`, compose, values })).map(toInvite)
    },
  }
}

const columnOf: Readonly<Record<SortKey, 'created_at' | 'expires_at' | 'updated_at'>> = {
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  updatedAt: 'updated_at',
}
