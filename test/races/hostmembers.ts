// Members in a table of the host's, as its port: on Postgres asked through the pool, added with the transaction.

import type { Database } from 'better-sqlite3'
import type { MembersPort } from 'invitekit'
import type pg from 'pg'

const texts = {
  add: 'insert into host_members (organization_id, user_id, role) values ($1, $2, $3)',
  count: 'select count(*) as count from host_members where organization_id = $1',
  find: 'select user_id, role from host_members where organization_id = $1 and user_id = $2',
}
type Found = { readonly user_id: string; readonly role: string } | undefined
const toMember = (row: Found) => (row ? { userId: row.user_id, role: row.role } : null)

export const onPostgres = (pool: pg.Pool): MembersPort<string, pg.PoolClient, false> => ({
  async add({ organizationId, userId, role }, tx) {
    await tx.query(texts.add, [organizationId, userId, role])
  },
  async count(organizationId, tx) {
    const { rows } = await (tx ?? pool).query<{ count: string }>(texts.count, [organizationId])
    return Number(rows[0]?.count)
  },
  async find({ organizationId, userId }, tx) {
    if (userId === undefined) return null
    return toMember((await (tx ?? pool).query(texts.find, [organizationId, userId])).rows[0])
  },
})

const places = (text: string) => text.replace(/\$\d/g, '?')

export const onSqlite: MembersPort<string, Database, true> = {
  add: ({ organizationId, userId, role }, tx) => tx.prepare(places(texts.add)).run(organizationId, userId, role),
  count: (organizationId, tx) => tx.prepare<[string], { count: number }>(places(texts.count)).get(organizationId)?.count ?? 0,
  find: ({ organizationId, userId }, tx) =>
    userId === undefined
      ? null
      : toMember(tx.prepare<[string, string], NonNullable<Found>>(places(texts.find)).get(organizationId, userId)),
}
