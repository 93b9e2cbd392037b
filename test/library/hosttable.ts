// A member table of the host's own, as the README writes it: one port for each kind of database.
import type { Database } from 'better-sqlite3'
import type { InviteError, JsonObject, MemberQuery, MembersPort } from 'invitekit'
import type { Pool, PoolClient } from 'pg'

interface Row {
  readonly organizationId: string
  readonly userId: string
  readonly role: string
  readonly email: string | null
}

export interface HostTable {
  readonly port: MembersPort<string, unknown, boolean>
  /** Which functions were asked, in order; `findMany 3` tells of how many. */
  readonly calls: string[]
  /** What `add` was handed of the invite's private part. */
  readonly extras: JsonObject[]
  /** `add` throws it after it has written. */
  refusal: InviteError | Error | null
  readonly put: (row: Row) => Promise<void>
  readonly remove: (row: Pick<Row, 'organizationId' | 'userId'>) => Promise<void>
  readonly members: (organizationId: string) => Promise<readonly string[]>
}

/** What every port does beside its queries. */
function watched() {
  const calls: string[] = []
  const extras: JsonObject[] = []
  return {
    calls,
    extras,
    refusal: null as HostTable['refusal'],
    added(extra: JsonObject) {
      calls.push('add')
      extras.push(extra)
      if (this.refusal) throw this.refusal
    },
  }
}

const isIt = (row: Row, query: MemberQuery) =>
  row.organizationId === query.organizationId &&
  ((query.userId !== undefined && row.userId === query.userId) || (query.email !== undefined && row.email === query.email))

export function memoryTable(): HostTable {
  const watch = watched()
  const rows: Row[] = []
  const find = (query: MemberQuery) => rows.find(row => isIt(row, query)) ?? null
  const port: HostTable['port'] = {
    async add({ organizationId, userId, role, extra }) {
      watch.added(extra)
      rows.push({ organizationId, userId, role, email: null })
    },
    async count(organizationId) {
      watch.calls.push('count')
      return rows.filter(row => row.organizationId === organizationId).length
    },
    async find(query) {
      watch.calls.push('find')
      return find(query)
    },
    async findMany(queries) {
      watch.calls.push(`findMany ${queries.length}`)
      return queries.map(find)
    },
  }
  return Object.assign(watch, {
    port,
    put: async (row: Row) => void rows.push(row),
    remove: async ({ organizationId, userId }: Pick<Row, 'organizationId' | 'userId'>) =>
      void rows.splice(
        rows.findIndex(row => isIt(row, { organizationId, userId })),
        1,
      ),
    members: async (organizationId: string) =>
      rows.filter(row => row.organizationId === organizationId).map(row => `${row.userId} ${row.role}`),
  })
}

const create = 'create table if not exists host_members (org text, user_id text, role text, email text, unique (org, user_id))'

export function sqliteTable(own: Database): HostTable {
  own.exec(create)
  const watch = watched()
  const insert = (db: Database, { organizationId, userId, role, email }: Row) =>
    db.prepare('insert into host_members values (?, ?, ?, ?)').run(organizationId, userId, role, email)
  const find = (db: Database, { organizationId, userId, email }: MemberQuery) =>
    db
      .prepare<unknown[], Row>(
        'select user_id as "userId", role from host_members where org = ? and (user_id = ? or email = ?)',
      )
      .get(organizationId, userId ?? null, email ?? null)
  const port: MembersPort<string, Database, true> = {
    add({ organizationId, userId, role, extra }, tx) {
      insert(tx, { organizationId, userId, role, email: null })
      watch.added(extra)
    },
    count(organizationId, tx) {
      watch.calls.push('count')
      return Number(tx.prepare('select count(*) from host_members where org = ?').pluck().get(organizationId))
    },
    find(query, tx) {
      watch.calls.push('find')
      return find(tx, query) ?? null
    },
    findMany(queries, tx) {
      watch.calls.push(`findMany ${queries.length}`)
      return queries.map(query => find(tx, query) ?? null)
    },
  }
  return Object.assign(watch, {
    port: port as unknown as HostTable['port'],
    put: async (row: Row) => void insert(own, row),
    remove: async ({ organizationId, userId }: Pick<Row, 'organizationId' | 'userId'>) =>
      void own.prepare('delete from host_members where org = ? and user_id = ?').run(organizationId, userId),
    members: async (organizationId: string) =>
      own
        .prepare<[string], string>("select user_id || ' ' || role from host_members where org = ?")
        .pluck()
        .all(organizationId),
  })
}

export async function postgresTable(pool: Pool): Promise<HostTable> {
  await pool.query(create)
  const watch = watched()
  const insert = (db: Pool | PoolClient, { organizationId, userId, role, email }: Row) =>
    db.query('insert into host_members values ($1, $2, $3, $4)', [organizationId, userId, role, email])
  const find = async (db: Pool | PoolClient, { organizationId, userId, email }: MemberQuery) => {
    const text = 'select user_id as "userId", role from host_members where org = $1 and (user_id = $2 or email = $3)'
    return (await db.query<Row>(text, [organizationId, userId ?? null, email ?? null])).rows[0] ?? null
  }
  const port: MembersPort<string, PoolClient, false> = {
    async add({ organizationId, userId, role, extra }, tx) {
      await insert(tx, { organizationId, userId, role, email: null })
      watch.added(extra)
    },
    async count(organizationId, tx) {
      watch.calls.push('count')
      const { rows } = await (tx ?? pool).query('select count(*) as n from host_members where org = $1', [organizationId])
      return Number(rows[0].n)
    },
    async find(query, tx) {
      watch.calls.push('find')
      return find(tx ?? pool, query)
    },
    async findMany(queries, tx) {
      watch.calls.push(`findMany ${queries.length}`)
      return Promise.all(queries.map(query => find(tx ?? pool, query)))
    },
  }
  return Object.assign(watch, {
    port: port as unknown as HostTable['port'],
    put: async (row: Row) => void (await insert(pool, row)),
    remove: async ({ organizationId, userId }: Pick<Row, 'organizationId' | 'userId'>) =>
      void (await pool.query('delete from host_members where org = $1 and user_id = $2', [organizationId, userId])),
    members: async (organizationId: string) => {
      const { rows } = await pool.query("select user_id || ' ' || role as it from host_members where org = $1", [
        organizationId,
      ])
      return rows.map(row => String(row.it))
    },
  })
}
