// The stores that several processes can share, each opened from what fits into JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { createInvites, type Invites, type InvitesOptions, type RoleRules, type Storage } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { sqliteStorage } from 'invitekit/sqlite'
import pg from 'pg'
import { freshDatabase } from '../support/postgres.ts'

export type Place = { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'sqlite'; readonly file: string }

export interface Store {
  readonly place: Place
  /** One number, by SQL: counted in the tables, not by the library. */
  readonly count: (sql: string) => Promise<number>
  readonly drop: () => Promise<void>
}

export const stores: Readonly<Record<Place['kind'], () => Promise<Store>>> = {
  async postgres() {
    const { url, pool, drop } = await freshDatabase()
    const count = async (sql: string) => Number(Object.values((await pool.query(sql)).rows[0])[0])
    return { place: { kind: 'postgres', url }, count, drop }
  },
  async sqlite() {
    const folder = mkdtempSync(join(tmpdir(), 'invitekit-'))
    const file = join(folder, 'app.db')
    const count = async (sql: string) => {
      const database = new Database(file, { readonly: true })
      const row = database.prepare<[], Record<string, number>>(sql).get()
      database.close()
      return Number(Object.values(row ?? {})[0])
    }
    return { place: { kind: 'sqlite', file }, count, drop: async () => rmSync(folder, { recursive: true }) }
  },
}

export interface Opened {
  readonly invites: Invites
  readonly close: () => Promise<void>
}

export function storageAt(place: Place): { readonly storage: Storage<never>; readonly end: () => Promise<void> } {
  if (place.kind === 'sqlite') {
    return { storage: sqliteStorage({ database: place.file }) as unknown as Storage<never>, end: async () => {} }
  }
  const pool = new pg.Pool({ connectionString: place.url, max: 8 })
  pool.on('error', () => {})
  return { storage: postgresStorage({ pool }) as unknown as Storage<never>, end: () => pool.end() }
}

/** Invites over a store that other processes use too; no message leaves. */
export function openInvites(place: Place, options: Partial<InvitesOptions<never, RoleRules>> = {}): Opened {
  const { storage, end } = storageAt(place)
  const invites = createInvites({
    keys: ['11'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    relay: { inline: false },
    ...options,
    storage,
  }) as unknown as Invites
  return {
    invites,
    async close() {
      await invites.close()
      await end()
    },
  }
}
