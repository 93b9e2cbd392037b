// The application under test: invites that mail over SMTP, on a store that other processes share, each effect a step.
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { createInvites, type Invites, type InvitesOptions, type RelayOptions, type Storage, type Transport } from 'invitekit'
import { postgresStorage } from 'invitekit/postgres'
import { smtpTransport } from 'invitekit/smtp'
import { sqliteStorage } from 'invitekit/sqlite'
import pg from 'pg'
import { type Step, steppingSink, steppingStorage, steppingTransport } from './steps.ts'

export type Place = { readonly kind: 'postgres'; readonly url: string } | { readonly kind: 'sqlite'; readonly file: string }

export interface Site {
  readonly place: Place
  /** `smtp://127.0.0.1:port` */
  readonly mail: string
}

export interface App {
  readonly invites: Invites<string, never>
  /** A transaction of the host's own. */
  readonly begin: () => Promise<{ readonly tx: never; readonly end: (how: 'commit' | 'rollback') => Promise<void> }>
  readonly close: () => Promise<void>
}

export const limits = { pending: 6, seats: 2 } as const
export const leaseMs = 2_000

/** `writing`: milliseconds that it takes to write a message. */
export function openApp({ place, mail }: Site, step: Step, relay: RelayOptions = {}, writing = 0): App {
  const { storage, begin, end } = place.kind === 'sqlite' ? onSqlite(place.file) : onPostgres(place.url)
  const transport: Transport = smtpTransport({ url: mail, from: 'Acme <team@acme.example>' })
  const invites = createInvites({
    keys: ['11'.repeat(32)],
    publicUrl: 'https://app.example.com/invites',
    transports: {
      email: steppingTransport(transport, step),
      sms: steppingTransport({ send: async () => ({}) }, step),
    },
    sinks: [steppingSink(step)],
    limits,
    render: writing === 0 ? undefined : () => sleep(writing, undefined),
    // Locks of a process that died are waited for, and no more than that is worth a word.
    onError: () => {},
    relay: { lease: leaseMs, ...relay },
    storage: steppingStorage(storage, step),
  } as InvitesOptions<never>) as unknown as Invites<string, never>
  const close = async () => {
    await invites.close()
    await end()
  }
  return { invites, begin, close }
}

function onSqlite(file: string) {
  const storage = sqliteStorage({ database: file, busyTimeout: 15_000 }) as unknown as Storage<never>
  const begin: App['begin'] = async () => {
    const database = new Database(file, { timeout: 0 })
    await begun(database)
    const end = async (how: 'commit' | 'rollback') => {
      database.exec(how)
      database.close()
    }
    return { tx: database as never, end }
  }
  return { storage, begin, end: async () => {} }
}

/** A timeout of SQLite's own would stop the process for whom it waits. */
async function begun(database: Database.Database): Promise<void> {
  for (;;) {
    try {
      return void database.exec('begin immediate')
    } catch (error) {
      if (!/^SQLITE_BUSY/.test((error as { code: string }).code)) throw error
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
}

function onPostgres(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 4 })
  pool.on('error', () => {})
  const storage = postgresStorage({ pool }) as unknown as Storage<never>
  const begin: App['begin'] = async () => {
    const client = await pool.connect()
    await client.query('begin')
    const end = async (how: 'commit' | 'rollback') => {
      await client.query(how)
      client.release()
    }
    return { tx: client as never, end }
  }
  return { storage, begin, end: () => pool.end() }
}
