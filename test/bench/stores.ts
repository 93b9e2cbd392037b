// Both sides over the same kind of database: the library in tables of its own, the hand-written calls in a copy of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { createInvites, type Invites, type InvitesOptions, type Storage } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import { toKey, toSecret } from '../../src/domain/token.ts'
import { byHandOnPostgres, counters as onPostgres } from './byhand.postgres.ts'
import { byHandOnSqlite, counters as onSqlite } from './byhand.sqlite.ts'
import type { ByHand } from './byhand.ts'

export const secret = '33'.repeat(32)
export const key = toKey(toSecret(secret) ?? new Uint8Array())
export const limit = 100_000

export interface Store {
  readonly name: 'postgres' | 'sqlite'
  readonly invites: Invites
  /** The same, over a storage that cannot commit speculatively; only where it is asked for. */
  readonly withoutSpeculation?: Invites
  readonly byHand: ByHand
  /** Makes so many pending invites for either side, one to each of the organizations in turn; answers their ids in order. */
  readonly fill: (side: 'ours' | 'theirs', fill: Fill) => Promise<readonly string[]>
  /** Tells the database how full its tables are: plans made on empty ones scan them. */
  readonly analyze: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface Fill {
  readonly count: number
  readonly organizationOf: (index: number) => string
  readonly emailOf: (index: number) => string
  /** With a mail that was sent for each, and a member beside it. */
  readonly sent?: boolean
}

type Options = Partial<Omit<InvitesOptions<never>, 'storage'>>

export const optionsOf = (storage: unknown, options: Options = {}): InvitesOptions<never> => ({
  keys: [secret],
  publicUrl: 'https://app.example.com/invites',
  limits: { pending: limit, seats: limit },
  relay: { inline: false },
  ...options,
  storage: storage as Storage<never>,
})

export const openInvites = (storage: unknown, options: Options = {}): Invites =>
  createInvites(optionsOf(storage, options)) as unknown as Invites

/** `url` is a database of our own. `alsoWithoutSpeculation`: beside the usual one, one with the storage's optional port of that name absent. */
export async function openPostgres(url: string, { alsoWithoutSpeculation = false } = {}): Promise<Store> {
  // Node's own two cores are what both wait for: more connections make neither faster.
  const open = () => new pg.Pool({ connectionString: url, max: 10 })
  const [mine, other] = [open(), open()]
  const storage = postgresStorage({ pool: mine })
  const { speculation: _, ...plain } = storage
  const invites = openInvites(storage)
  await invites.migrate()
  await postgresStorage({ pool: other, schema: 'byhand' }).migrate()
  await other.query(`alter table byhand.invite_scopes ${onPostgres}`)
  return {
    name: 'postgres',
    invites,
    ...(alsoWithoutSpeculation && { withoutSpeculation: openInvites(plain) }),
    byHand: byHandOnPostgres(other, 'byhand'),
    async fill(side, fill) {
      const rows = rowsOf(fill)
      const schema = side === 'ours' ? 'public' : 'byhand'
      const pool = side === 'ours' ? mine : other
      await pool.query(fillText(schema, fill.sent ?? false), [JSON.stringify(rows), key.id])
      return rows.map(({ id }) => id)
    },
    analyze: async () => void (await other.query('vacuum analyze')),
    async close() {
      await Promise.all([mine.end(), other.end()])
    },
  }
}

export async function openSqlite(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'invitekit-bench-'))
  const invites = openInvites(sqliteStorage({ database: join(folder, 'ours.db') }))
  await invites.migrate()
  const file = join(folder, 'theirs.db')
  const storage = sqliteStorage({ database: file })
  await storage.migrate()
  await storage.close()
  const db = openFile(file)
  for (const column of onSqlite) db.exec(`alter table invite_scopes ${column}`)
  const filling = openFile(join(folder, 'ours.db'))
  return {
    name: 'sqlite',
    invites,
    byHand: byHandOnSqlite(db),
    async fill(side, fill) {
      const rows = rowsOf(fill)
      fillSqlite(side === 'ours' ? filling : db, rows, fill.sent ?? false)
      return rows.map(({ id }) => id)
    },
    async analyze() {
      filling.exec('analyze')
      db.exec('analyze')
    },
    async close() {
      await invites.close()
      filling.close()
      db.close()
      rmSync(folder, { recursive: true })
    },
  }
}

function openFile(file: string): Sqlite.Database {
  const db = new Sqlite(file)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = normal')
  return db
}

const rowsOf = ({ count, organizationOf, emailOf }: Fill) =>
  Array.from({ length: count }, (_, index) => ({
    id: uuidv7(),
    organization: organizationOf(index),
    email: emailOf(index),
    message: uuidv7(),
  }))

const columns = `id, organization_id, kind, status, role, invitee_id, metadata, extra, channels, key_id, generation, use_count, email,
  email_key, search, created_at, updated_at, expires_at, lifetime, send_count`
const sentColumns =
  'id, kind, target, organization_id, invite_id, generation, reason, status, attempts, created_at, updated_at, sent_at'

const memberColumns = 'organization_id, user_id, role, email_key, removed, at'

const fillText = (schema: string, sent: boolean) => `with rows as materialized (
  select * from jsonb_to_recordset($1) x (id uuid, organization text, email text, message text)
), scopes as (
  insert into ${schema}.invite_scopes (organization_id, revision) select distinct organization, 1 from rows on conflict do nothing
)${
  sent
    ? `, sent as (
  insert into ${schema}.invite_outbox (${sentColumns})
  select message, 'delivery', 'email', organization, id, 1, 'created', 'sent', 1, now(), now(), now() from rows
), members as (
  insert into ${schema}.invite_members (${memberColumns}) select organization, message, 'member', message, false, now() from rows
)`
    : ''
}
insert into ${schema}.invite_invites (${columns})
select id, organization, 'personal', 'pending', 'member', cast(id as text), '{}', '{}', '["email"]', $2, 1, 0, email, email, email,
  now(), now(), now() + interval '7 days', 604800000, ${sent ? 1 : 0} from rows`

function fillSqlite(db: Sqlite.Database, rows: ReturnType<typeof rowsOf>, sent: boolean): void {
  const now = Date.now()
  const later = now + 604_800_000
  const scope = db.prepare('insert into invite_scopes (organization_id, revision) values (?, 1) on conflict do nothing')
  const invite = db.prepare(`insert into invite_invites (${columns})
    values (?, ?, 'personal', 'pending', 'member', ?, '{}', '{}', '["email"]', ?, 1, 0, ?, ?, ?, ?, ?, ?, 604800000, ?)`)
  const message = db.prepare(`insert into invite_outbox (${sentColumns})
    values (?, 'delivery', 'email', ?, ?, 1, 'created', 'sent', 1, ?, ?, ?)`)
  const member = db.prepare(`insert into invite_members (${memberColumns}) values (?, ?, 'member', ?, 0, ?)`)
  db.transaction(() => {
    for (const { id, organization, email, message: messageId } of rows) {
      scope.run(organization)
      invite.run(id, organization, id, key.id, email, email, email, now, now, later, sent ? 1 : 0)
      if (!sent) continue
      message.run(messageId, organization, id, now, now, now)
      member.run(organization, messageId, messageId, now)
    }
  })()
}
