// Everything that is shown, composed by Kysely for both dialects and run by the storage: Kysely itself never connects.
import {
  DummyDriver,
  type ExpressionBuilder,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { InviteStatus, ListQuery, Lists, SortKey } from '../../../src/index.ts'
import { type Dialect, outgoing, type Parameter, type RawRow, type Run } from './dialect.ts'
import { decode, toDelivery, toEvent, toFound, toInvite, toMember } from './rows.ts'
import { summaryOf } from './summary.ts'
import type { Names, Row, TableName } from './tables.ts'

export interface ListsSetup<Tx> {
  readonly dialect: Dialect
  readonly names: Names
  readonly run: Run<Tx>
}

export function createLists<Tx>({ dialect, names, run }: ListsSetup<Tx>): Lists<Tx> {
  const db = builderFor(dialect)
  const from = <T extends TableName>(table: T) => db.selectFrom(sql<Row<T>>`${sql.raw(names[table])}`.as('x'))
  const columns = (table: TableName) =>
    Object.entries(outgoing(dialect, table, 'x')).map(([column, expression]) => sql.raw(expression).as(column))
  const id = (value: string) => (dialect.name === 'postgres' ? sql<string>`cast(${value} as uuid)` : sql<string>`${value}`)
  const time = timeOf(dialect)
  const invite = (row: RawRow) => toInvite(decode(dialect, 'invites', row))

  async function rows(query: Compilable, tx?: Tx): Promise<readonly RawRow[]> {
    const { sql: text, parameters } = query.compile()
    return dialect.rowsOf(await run(dialect.whole(text), parameters.map(asParameter), tx))
  }

  return {
    async invites(query, tx) {
      const { after, descending, limit } = query
      const sort = sql.ref(`x.${columnOf[query.sort]}`)
      const direction = descending ? 'desc' : 'asc'
      const past = descending ? sql`<` : sql`>`
      const page = from('invites')
        .select(columns('invites'))
        .where(eb => filters(eb, query, dialect))
        .$if(after !== null, q =>
          q.where(sql<boolean>`(${sort}, x.id) ${past} (${time(after?.value ?? null)}, ${id(after?.id ?? '')})`),
        )
        .orderBy(sort, direction)
        .orderBy('x.id', direction)
        .limit(count(limit))
      return (await rows(page, tx)).map(invite)
    },

    async total(query, cap, tx) {
      const some = from('invites')
        .select(sql.raw('1').as('one'))
        .where(eb => filters(eb, query, dialect))
        .limit(count(cap))
      const [row] = await rows(db.selectFrom(some.as('c')).select(sql<number>`count(*)`.as('total')), tx)
      return Number(row?.['total'] ?? 0)
    },

    async mine({ email, phone, now }, tx) {
      const mine = from('invites')
        .select(columns('invites'))
        .where('x.status', '=', 'pending')
        .where('x.expires_at', '>', time(now))
        .where(eb => eb.or([...(email === null ? [] : [eb('x.email_key', '=', email)]), ...(phone === null ? [] : [eb('x.phone_key', '=', phone)])]))
        .orderBy('x.created_at')
        .orderBy('x.id')
      return (await rows(mine, tx)).map(invite)
    },

    async addressed(address) {
      const query = from('invites').select(['x.id', 'x.organization_id'])
      const addressed =
        'email' in address ? query.where('x.email_key', '=', address.email) : query.where('x.phone_key', '=', address.phone)
      return (await rows(addressed.orderBy('x.id'))).map(toFound)
    },

    async deliveries(ids, tx) {
      if (ids.length === 0) return []
      const those = sql<boolean>`${sql.raw(dialect.name === 'postgres' ? 'x.invite_id = any(cast(' : 'x.invite_id in (select value from json_each(')}${
        dialect.name === 'postgres' ? `{${ids.join()}}` : JSON.stringify(ids)
      }${sql.raw(dialect.name === 'postgres' ? ' as uuid[]))' : '))')}`
      const deliveries = from('outbox').select(columns('outbox')).where(those).where('x.kind', '=', 'delivery').orderBy('x.seq')
      return (await rows(deliveries, tx)).map(row => toDelivery(decode(dialect, 'outbox', row)))
    },

    async history({ organizationId, id: inviteId, after, limit }, tx) {
      const history = from('events')
        .select(columns('events'))
        .where('x.invite_id', '=', id(inviteId))
        .where('x.organization_id', '=', organizationId)
        .where('x.seq', '>', count(after ?? 0))
        .orderBy('x.seq')
        .limit(count(limit))
      return (await rows(history, tx)).map(row => toEvent(decode(dialect, 'events', row)))
    },

    summary: (query, tx) => summaryOf({ dialect, names, run }, query, tx),

    async members({ organizationId, limit, after }, tx) {
      const user = sql<string>`${sql.raw(dialect.bytewise('x.user_id'))}`
      const members = from('members')
        .select(columns('members'))
        .where('x.organization_id', '=', organizationId)
        .where('x.removed', '=', sql<boolean>`${sql.raw(String(dialect.flag(false)))}`)
        .$if(after !== null, q => q.where(user, '>', after ?? ''))
        .orderBy(user)
        .limit(count(limit))
      return (await rows(members, tx)).map(row => toMember(decode(dialect, 'members', row)))
    },

    async due(now, limit) {
      const due = from('invites')
        .select(['x.id', 'x.organization_id'])
        .where('x.status', '=', 'pending')
        .where('x.expires_at', '<=', time(now))
        .orderBy('x.expires_at')
        .limit(count(limit))
      return (await rows(due)).map(toFound)
    },
  }
}

const columnOf: Readonly<Record<SortKey, 'created_at' | 'expires_at' | 'updated_at'>> = {
  createdAt: 'created_at',
  expiresAt: 'expires_at',
  updatedAt: 'updated_at',
}

/** A bigint, whatever type a driver would send the number as. */
const count = (value: number) => sql<number>`cast(${value} as bigint)`

const timeOf = (dialect: Dialect) => (value: Date | null) =>
  dialect.name === 'postgres' ? sql<Date>`cast(${dialect.time(value)} as timestamptz)` : sql<Date>`${dialect.time(value)}`

function filters(eb: ExpressionBuilder<{ x: Row<'invites'> }, 'x'>, query: ListQuery, dialect: Dialect) {
  const time = timeOf(dialect)
  const equal = (['role', 'email_key', 'phone_key', 'inviter_id', 'external_id'] as const).flatMap(column => {
    const wanted = wantedOf(query)[column]
    return wanted === null ? [] : [eb(`x.${column}`, '=', wanted)]
  })
  const range = (column: 'created_at' | 'expires_at', { from, to }: ListQuery['created']) => [
    ...(from === null ? [] : [eb(`x.${column}`, '>=', time(from))]),
    ...(to === null ? [] : [eb(`x.${column}`, '<', time(to))]),
  ]
  const isIn = (status: InviteStatus) => {
    if (status === 'pending') return eb.and([eb('x.status', '=', 'pending'), eb('x.expires_at', '>', time(query.now))])
    if (status !== 'expired') return eb('x.status', '=', status)
    return eb.or([eb('x.status', '=', 'expired'), eb.and([eb('x.status', '=', 'pending'), eb('x.expires_at', '<=', time(query.now))])])
  }
  return eb.and([
    eb('x.organization_id', '=', query.organizationId),
    ...equal,
    ...range('created_at', query.created),
    ...range('expires_at', query.expires),
    ...(query.status === null ? [] : [eb.or(query.status.map(isIn))]),
    ...(query.q === null ? [] : [contains(dialect, query.q)]),
  ])
}

const wantedOf = (query: ListQuery) => ({
  role: query.role,
  email_key: query.email,
  phone_key: query.phone,
  inviter_id: query.inviterId,
  external_id: query.externalId,
})

/** Lower case is made here, as the column's was. No pattern, so `%` and `_` are letters. */
const contains = (dialect: Dialect, q: string) =>
  dialect.name === 'postgres' ? sql<boolean>`strpos(x.search, ${q.toLowerCase()}) > 0` : sql<boolean>`instr(x.search, ${q.toLowerCase()}) > 0`

interface Compilable {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] }
}

function asParameter(value: unknown): Parameter {
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value
  throw new TypeError(`a list's parameter is a ${typeof value}`)
}

const builderFor = (dialect: Dialect): Kysely<Record<never, never>> =>
  new Kysely({
    dialect:
      dialect.name === 'postgres'
        ? {
            createAdapter: () => new PostgresAdapter(),
            createDriver: () => new DummyDriver(),
            createIntrospector: db => new PostgresIntrospector(db),
            createQueryCompiler: () => new PostgresQueryCompiler(),
          }
        : {
            createAdapter: () => new SqliteAdapter(),
            createDriver: () => new DummyDriver(),
            createIntrospector: db => new SqliteIntrospector(db),
            createQueryCompiler: () => new SqliteQueryCompiler(),
          },
  })
