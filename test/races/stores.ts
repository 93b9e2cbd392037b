// The stores that several processes can share, each opened from what fits into JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Storage } from 'invitekit'
import { createInvites, type Invites, type InvitesOptions, type RoleRules } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import pg from 'pg'
import { freshDatabase } from '../support/postgres.ts'

export type Place = { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'sqlite'; readonly file: string }
export type Row = Readonly<Record<string, unknown>>

/** Tables that were migrated, and SQL on them beside the library: what is counted is counted there. */
export interface Store {
  readonly place: Place
  readonly rows: (sql: string) => Promise<readonly Row[]>
  /** The present moment in the type of the tables' time columns, as SQL. */
  readonly now: () => string
  readonly drop: () => Promise<void>
}

/** A host's own members, and the limits of each organization: what the invariants are checked against. */
const hostTables = [
  'create table host_members (organization_id text not null, user_id text not null, role text not null, primary key (organization_id, user_id))',
  'create table race_limits (organization_id text primary key, pending bigint, seats bigint)',
]

export const stores: Readonly<Record<Place['kind'], (server?: string) => Promise<Store>>> = {
  async postgres(server) {
    const { url, pool, drop } = await freshDatabase(server)
    const rows = async (sql: string) => (await pool.query<Row>(sql)).rows
    return prepared({ place: { kind: 'postgres', url }, rows, now: () => 'clock_timestamp()', drop })
  },
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'invitekit-'))
    const file = join(folder, 'app.db')
    const database = new Database(file, { timeout: 5_000 })
    const rows = async (sql: string) => {
      const statement = database.prepare<[], Row>(sql)
      if (statement.reader) return statement.all()
      statement.run()
      return []
    }
    const drop = async () => {
      database.close()
      rmSync(folder, { recursive: true })
    }
    return prepared({ place: { kind: 'sqlite', file }, rows, now: () => `${Date.now()}`, drop })
  },
}

async function prepared(store: Store): Promise<Store> {
  const { invites, close } = openInvites(store.place)
  await invites.migrate()
  await close()
  for (const table of hostTables) await store.rows(table)
  return store
}

export interface OpenStorage {
  readonly storage: Storage<never>
  /** Null on SQLite. */
  readonly pool: pg.Pool | null
  readonly end: () => Promise<void>
}

export function storageAt(place: Place): OpenStorage {
  if (place.kind === 'sqlite') {
    const storage = sqliteStorage({ database: place.file, busyTimeout: 15_000 }) as unknown as Storage<never>
    return { storage, pool: null, end: () => storage.close() }
  }
  const pool = new pg.Pool({ connectionString: place.url, max: 8 })
  pool.on('error', () => {})
  return { storage: postgresStorage({ pool }) as unknown as Storage<never>, pool, end: () => pool.end() }
}

export type Options = Partial<InvitesOptions<never, RoleRules>>

/** What is sent without a call of anybody's. */
export const followUps: Options = {
  transports: { email: { send: async () => ({}) } },
  reminders: [{ after: '1h' }],
  expiryNotices: true,
  directory: { user: () => ({ name: 'Adam', email: 'adam@example.net' }) },
}

/** Invites over a storage that others use too; no message leaves. */
export const invitesOver = (storage: Storage<never>, options: Options = {}): Invites =>
  createInvites({
    keys: ['11'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    relay: { inline: false },
    ...options,
    storage,
  }) as unknown as Invites

export function openInvites(place: Place, options: Options = {}) {
  const { storage, end } = storageAt(place)
  const invites = invitesOver(storage, options)
  const close = async () => {
    await invites.close()
    await end()
  }
  return { invites, close }
}
