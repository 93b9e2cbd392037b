// Lists of invites: pages in total order, counts with a cap, and what is addressed to a person.
import { sql } from 'kysely'
import type { Lists, SortKey } from '../../../src/index.ts'
import { createBuilder, type Setup } from './builder.ts'
import type { RawRow } from './dialect.ts'
import { filtersOf } from './filters.ts'
import { toInvite } from './inviterow.ts'
import { decode, toFound } from './rows.ts'

type InviteLists<Tx> = Pick<Lists<Tx>, 'invites' | 'total' | 'mine' | 'addressed' | 'due'>

export function createInviteLists<Tx>(setup: Setup<Tx>): InviteLists<Tx> {
  const { db, from, columns, rows, time, id, count } = createBuilder(setup)
  const { dialect } = setup
  const invite = (row: RawRow) => toInvite(decode(dialect, 'invites', row))
  return {
    async invites(query, tx) {
      const { after, descending, limit } = query
      const sort = sql.ref(`x.${columnOf[query.sort]}`)
      const direction = descending ? 'desc' : 'asc'
      const past = sql.raw(descending ? '<' : '>')
      const filtered = from('invites')
        .select(columns('invites'))
        .where(filtersOf(dialect, time, query))
      const rest =
        after === null
          ? filtered
          : filtered.where(sql<boolean>`(${sort}, x.id) ${past} (${time(after.value)}, ${id(after.id)})`)
      const page = rest.orderBy(sort, direction).orderBy('x.id', direction).limit(count(limit))
      return (await rows(page, tx)).map(invite)
    },

    async total(query, cap, tx) {
      const one = sql.raw('1').as('one')
      const some = from('invites')
        .select(one)
        .where(filtersOf(dialect, time, query))
        .limit(count(cap))
      const [row] = await rows(db.selectFrom(some.as('c')).select(sql<number>`count(*)`.as('total')), tx)
      return Number(row?.['total'] ?? 0)
    },

    async mine({ email, phone, now }, tx) {
      const live = from('invites')
        .select(columns('invites'))
        .where('x.status', '=', 'pending')
        .where('x.expires_at', '>', time(now))
      const mine = live.where(eb =>
        eb.or([
          ...(email === null ? [] : [eb('x.email_key', '=', email)]),
          ...(phone === null ? [] : [eb('x.phone_key', '=', phone)]),
        ]),
      )
      return (await rows(mine.orderBy('x.created_at').orderBy('x.id'), tx)).map(invite)
    },

    async addressed(address) {
      const query = from('invites').select(['x.id', 'x.organization_id']).orderBy('x.id')
      const addressed =
        'email' in address ? query.where('x.email_key', '=', address.email) : query.where('x.phone_key', '=', address.phone)
      return (await rows(addressed)).map(toFound)
    },

    async due(now, limit) {
      const past = from('invites').select(['x.id', 'x.organization_id']).where('x.status', '=', 'pending')
      const due = past.where('x.expires_at', '<=', time(now)).orderBy('x.expires_at').limit(count(limit))
      return (await rows(due)).map(toFound)
    },
  }
}

const columnOf: Readonly<Record<SortKey, 'created_at' | 'expires_at' | 'updated_at'>> = {
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  updatedAt: 'updated_at',
}
