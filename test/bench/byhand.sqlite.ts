// What a host would write instead on SQLite: prepared statements in one synchronous transaction, nothing asynchronous.
// `+?`: else SQLite plans again for every value once the tables are analyzed.
import type { Database } from 'better-sqlite3'
import { uuidv7 } from 'uuidv7'
import { type ByHand, type Given, inviteOf, lifetime, shown, shownDelivery } from './byhand.ts'

export const counters = ['add column pending integer not null default 0', 'add column seats integer not null default 0']

export function byHandOnSqlite(db: Database): ByHand {
  const take = db.prepare(`insert into invite_scopes (organization_id, revision, pending) values (?, 1, ?)
    on conflict (organization_id) do update set revision = revision + 1, pending = pending + excluded.pending
    where pending + excluded.pending <= +?`)
  const invite =
    db.prepare(`insert into invite_invites (id, organization_id, kind, status, role, inviter_id, inviter_role, invitee_id,
    metadata, extra, channels, key_id, generation, use_count, email, email_key, search, created_at, updated_at, expires_at, lifetime,
    send_count) values (?, ?, 'personal', 'pending', 'member', ?, 'owner', ?, '{}', '{}', '[]', 'k1', 1, 0, ?, ?, ?, ?, ?, ?, ${lifetime}, 0)`)
  const event = db.prepare(
    `insert into invite_events (id, organization_id, invite_id, type, at, actor_id, data) values (?, ?, ?, ?, ?, ?, ?)`,
  )
  const message =
    db.prepare(`insert into invite_outbox (id, kind, target, organization_id, invite_id, generation, event_id, status,
    attempts, created_at, updated_at, due_at) values (?, 'event', 'on', ?, ?, 0, ?, 'queued', 0, ?, ?, ?)`)
  const done = db.prepare<unknown[], Row>(
    `update invite_invites set status = 'accepted', accepted_at = ?, accepted_by = ?, updated_at = ?, use_count = 1
     where id = +? and status = 'pending' and expires_at > +? and email_key = +? returning organization_id, email_key, ${seen}`,
  )
  const seat = db.prepare(`update invite_scopes set revision = revision + 1, pending = pending - 1, seats = seats + 1
    where organization_id = +? and seats < +?`)
  const member = db.prepare(
    `insert into invite_members (organization_id, user_id, role, email_key, removed, at) values (?, ?, ?, ?, 0, ?)`,
  )
  const rows = db.prepare<unknown[], Row>(
    `select ${seen} from invite_invites where organization_id = +? order by created_at desc, id desc limit ?`,
  )
  const sent = db.prepare<unknown[], Delivery>(
    `select id, invite_id, target, status, reason, failure, created_at, updated_at, sent_at from invite_outbox
     where invite_id in (select value from json_each(?)) and kind = 'delivery' order by seq`,
  )

  const write = (given: Given, now: number) => {
    const { organizationId, email, inviterId } = given
    const id = uuidv7()
    const eventId = uuidv7()
    invite.run(id, organizationId, inviterId, uuidv7(), email, email, email, now, now, now + lifetime)
    const made = inviteOf(id, given)
    event.run(eventId, organizationId, id, 'invite.created', now, inviterId, JSON.stringify(made))
    message.run(uuidv7(), organizationId, id, eventId, now, now, now)
    return made
  }
  const create = db.transaction((all: readonly Given[], limit: number) => {
    if (take.run(all[0]?.organizationId, all.length, limit).changes === 0) throw new Error('pending_limit_reached')
    const now = Date.now()
    return all.map(given => write(given, now))
  })
  const accept = db.transaction((id: string, userId: string, email: string, limit: number) => {
    const now = Date.now()
    const found = done.get(now, userId, now, id, now, email)
    if (!found || seat.run(found.organization_id, limit).changes === 0) throw new Error('not pending, or no seat')
    const eventId = uuidv7()
    member.run(found.organization_id, userId, found.role, found.email_key, now)
    const accepted = parsed(found, new Date(now))
    event.run(eventId, found.organization_id, id, 'invite.accepted', now, userId, JSON.stringify(accepted))
    message.run(uuidv7(), found.organization_id, id, eventId, now, now, now)
    return { member: { userId, role: found.role }, invite: accepted }
  })

  return {
    create: async (given, limit) => create.immediate([given], limit)[0],
    bulk: async (all, limit) => void create.immediate(all, limit),
    accept: async ({ id, userId, email }, limit) => accept.immediate(id, userId, email, limit),
    async page(organizationId, limit) {
      const page = rows.all(organizationId, limit)
      const deliveries = new Map<string, Delivery[]>(page.map(row => [row.id, []]))
      const ids = page.filter(row => row.send_count > 0).map(row => row.id)
      for (const row of sent.all(JSON.stringify(ids))) deliveries.get(row.invite_id)?.push(shownDelivery(row))
      const now = new Date()
      return page.map(row => Object.assign(parsed(row, now), { deliveries: deliveries.get(row.id) }))
    },
  }
}

const seen = `id, kind, status, role, inviter_id, inviter_role, invitee_id, external_id, template_id, metadata, channels, use_count,
  max_uses, email, phone, full_name, first_name, last_name, locale, created_at, updated_at, expires_at, sent_at, send_count,
  opened_at, accepted_at, accepted_by`

interface Delivery {
  invite_id: string
  created_at: number | Date
  updated_at: number | Date
  sent_at: number | Date | null
}

interface Row extends Omit<Delivery, 'invite_id'> {
  id: string
  organization_id: string
  email_key: string
  status: string
  role: string
  channels: string
  metadata: string
  send_count: number
  expires_at: number | Date | null
  opened_at: number | Date | null
  accepted_at: number | Date | null
}

const parsed = (row: Row, now: Date) =>
  Object.assign(shown(row, now), { channels: JSON.parse(row.channels), metadata: JSON.parse(row.metadata) })
