// A million invites in under a minute: made by the database itself, the indexes built afterwards.
import type { Database } from 'better-sqlite3'
import type { Pool, PoolClient } from 'pg'
import { toKey, toSecret } from '../../src/domain/token.ts'

export const secret = '44'.repeat(32)
export const key = toKey(toSecret(secret) ?? new Uint8Array())

export interface Size {
  readonly invites: number
  /** `org-0`, `org-1`, … */
  readonly organizations: number
  /** Invites of `org-0`; the others share the rest. */
  readonly big: number
}

/** Of the nth invite, from 1. Every third seven wait; the others were accepted. */
export const idOf = (nth: number): string => `01900000-0000-7000-8000-${nth.toString(16).padStart(12, '0')}`
export const emailOf = (nth: number): string => `p${nth}@example.com`
export const organizationOf = (nth: number, { big, organizations }: Size): string =>
  nth <= big ? 'org-0' : `org-${1 + (nth % (organizations - 1))}`
export const isPending = (nth: number): boolean => Math.floor(nth / 7) % 3 === 0

/** Members: one to every fifth invite. Due messages: 2,000. Expired, and not yet marked so: 2,000, in `org-1` to `org-20`. */
const due = 2000
const expired = 2000

export async function seedPostgres(pool: Pool, size: Size): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query(
      "set synchronous_commit = off; set maintenance_work_mem = '512MB'; set max_parallel_maintenance_workers = 2",
    )
    const indexes = await withoutIndexes(client)
    for (const text of rowsOnPostgres(size)) await client.query(text)
    for (const index of indexes) await client.query(index)
    await client.query('vacuum analyze')
    await client.query('reset all')
  } finally {
    client.release()
  }
}

/** Drops all but the primary keys; answers how to make them again. */
async function withoutIndexes(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; text: string }>(
    `select indexname as name, indexdef as text from pg_indexes
     where schemaname = current_schema() and tablename like 'invite\\_%' and indexname not like '%\\_pkey'`,
  )
  for (const { name } of rows) await client.query(`drop index "${name}"`)
  return rows.map(({ text }) => text)
}

const invite = `id, organization_id, kind, status, role, inviter_id, inviter_role, invitee_id, metadata, extra, channels, key_id,
  generation, use_count, email, email_key, search, created_at, updated_at, expires_at, lifetime, send_count`
const event = 'id, organization_id, invite_id, type, at, actor_id, data'
const message =
  'id, kind, target, organization_id, invite_id, generation, reason, status, attempts, created_at, updated_at, sent_at, due_at'
const pendings = "'personal', 'pending', 'member', 'ada', 'owner'"

const rowsOnPostgres = (size: Size): readonly string[] => {
  const { invites, organizations, big } = size
  const organization = `case when i <= ${big} then 'org-0' else 'org-' || 1 + i % ${organizations - 1} end`
  const id = "cast('01900000-0000-7000-8000-' || lpad(to_hex(i), 12, '0') as uuid)"
  const email = "'p' || i || '@example.com'"
  const created = `now() - (${invites} - i) * interval '1 second'`
  const terms = `'{}', '{}', '["email"]', '${key.id}', 1, 0`
  const all = `from generate_series(1, ${invites}) i`
  return [
    `insert into invite_scopes select 'org-' || i, 1 from generate_series(0, ${organizations - 1}) i`,
    `insert into invite_invites (${invite})
     select ${id}, ${organization}, 'personal', case when i / 7 % 3 = 0 then 'pending' else 'accepted' end, 'member', 'ada', 'owner',
       'u' || i, ${terms}, ${email}, ${email}, ${email}, ${created}, ${created}, now() + (1 + i % 7) * interval '1 day', 604800000, 1 ${all}`,
    `insert into invite_events (${event}) select 'e' || i, ${organization}, ${id}, 'invite.created', ${created}, 'ada', '{}' ${all}`,
    `insert into invite_outbox (${message})
     select 'o' || i, 'delivery', 'email', ${organization}, ${id}, 1, 'created', case when i > ${invites - due} then 'queued' else 'sent' end,
       1, ${created}, ${created}, ${created}, case when i > ${invites - due} then now() end ${all}`,
    `insert into invite_members (organization_id, user_id, role, email_key, removed, at)
     select ${organization}, 'u' || i, 'member', 'm' || i || '@example.com', false, now() ${all} where i % 5 = 0`,
    `insert into invite_invites (${invite})
     select gen_random_uuid(), 'org-' || ${Math.min(20, organizations - 1) > 1 ? `1 + i % ${Math.min(20, organizations - 1)}` : '1'},
       ${pendings}, 'x' || i, ${terms}, 'x' || i || '@example.com', 'x' || i || '@example.com', '', now() - interval '9 days',
       now() - interval '9 days', now() - interval '2 days', 604800000, 1 from generate_series(1, ${Math.min(expired, invites)}) i`,
  ]
}

/** The same on SQLite, without what is due or expired. Indexes stay: they are what takes the time. */
export function seedSqlite(db: Database, { invites, organizations, big }: Size): void {
  const now = Date.now()
  const organization = `iif(i <= ${big}, 'org-0', 'org-' || (1 + i % ${organizations - 1}))`
  const id = "'01900000-0000-7000-8000-' || printf('%012x', i)"
  const email = "'p' || i || '@example.com'"
  const created = `${now} - (${invites} - i) * 1000`
  const series = (last: number) => `with recursive series(i) as (select 1 union all select i + 1 from series where i < ${last})`
  db.transaction(() => {
    db.exec(`${series(organizations)} insert into invite_scopes select 'org-' || (i - 1), 1 from series`)
    db.exec(`${series(invites)} insert into invite_invites (${invite})
      select ${id}, ${organization}, 'personal', iif(i / 7 % 3 = 0, 'pending', 'accepted'), 'member', 'ada', 'owner', 'u' || i, '{}', '{}',
        '["email"]', '${key.id}', 1, 0, ${email}, ${email}, ${email}, ${created}, ${created}, ${now} + (1 + i % 7) * 86400000, 604800000, 1
      from series`)
    db.exec(`${series(invites)} insert into invite_events (${event})
      select 'e' || i, ${organization}, ${id}, 'invite.created', ${created}, 'ada', '{}' from series`)
    db.exec(`${series(invites)} insert into invite_outbox (${message})
      select 'o' || i, 'delivery', 'email', ${organization}, ${id}, 1, 'created', 'sent', 1, ${created}, ${created}, ${created}, null
      from series`)
  })()
  db.exec('analyze')
}
