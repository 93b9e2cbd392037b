// What a host would write instead, by somebody who wants it to win: one guarded, named statement for each call, on a pool.
// The tables are copies of ours, made by our own migration; a counter in the organization's row makes the limits exact.
import type pg from 'pg'
import { uuidv7 } from 'uuidv7'
import type { ByHand, Given } from './byhand.ts'
import { inviteOf, lifetime, shown, shownDelivery } from './byhand.ts'

// The counter is what a tuned version would have: no count, but the place of an expired invite stays taken until it is swept.
export const counters = 'add column pending bigint not null default 0, add column seats bigint not null default 0'

export function byHandOnPostgres(pool: pg.Pool, schema: string): ByHand {
  const t = (name: string) => `"${schema}".invite_${name}`
  const run = async (name: keyof ReturnType<typeof texts>, values: unknown[]) =>
    (await pool.query({ name: `byhand_${name}`, text: statements[name], values })).rows
  const statements = texts(t)

  return {
    async create(given, limit) {
      const id = uuidv7()
      const invite = inviteOf(id, given)
      const data = JSON.stringify(invite)
      const [row] = await run('create', [
        given.organizationId,
        limit,
        id,
        uuidv7(),
        given.email,
        given.inviterId,
        data,
        uuidv7(),
        uuidv7(),
      ])
      if (row === undefined) throw new Error('pending_limit_reached')
      return Object.assign(invite, { createdAt: row.created_at, updatedAt: row.created_at, expiresAt: row.expires_at })
    },
    async bulk(all, limit) {
      const rows = all.map(given => ({
        ...invited(given),
        invitee: uuidv7(),
        email: given.email,
        event: uuidv7(),
        message: uuidv7(),
      }))
      const values = [all[0]?.organizationId, limit, rows.length, all[0]?.inviterId, JSON.stringify(rows)]
      if ((await run('bulk', values)).length === 0) throw new Error('pending_limit_reached')
    },
    async accept({ id, userId, email }, limit) {
      const [row] = await run('accept', [id, userId, email, limit, uuidv7(), uuidv7()])
      if (row === undefined) throw new Error('not pending, or no seat')
      const { invite } = row
      return { member: { userId, role: invite.role }, invite: shown(invite, new Date()) }
    },
    async page(organizationId, limit) {
      const [row] = await run('page', [organizationId, limit])
      const now = new Date()
      const page = JSON.parse(row.page)
      for (const invite of page) {
        shown(invite, now)
        for (const delivery of invite.deliveries ?? []) shownDelivery(delivery)
      }
      return page
    },
  }
}

const invited = (given: Given) => {
  const id = uuidv7()
  return { id, data: inviteOf(id, given) }
}

/** What callers see of an invite. */
const seen = [
  'id',
  'kind',
  'status',
  'role',
  'inviter_id',
  'inviter_role',
  'invitee_id',
  'external_id',
  'template_id',
  'metadata',
].concat(
  [
    'channels',
    'use_count',
    'max_uses',
    'email',
    'phone',
    'full_name',
    'first_name',
    'last_name',
    'locale',
    'created_at',
    'updated_at',
  ],
  ['expires_at', 'sent_at', 'send_count', 'opened_at', 'accepted_at', 'accepted_by'],
)
const seenOf = (row: string) => seen.map(column => `${row}.${column}`).join(', ')

const texts = (t: (name: string) => string) => ({
  create: `with place as (
  insert into ${t('scopes')} as s (organization_id, revision, pending) values ($1, 1, 1)
  on conflict (organization_id) do update set revision = s.revision + 1, pending = s.pending + 1 where s.pending < $2
  returning 1
), made as (
  insert into ${t('invites')} (${inviteColumns})
  select $3, $1, 'personal', 'pending', 'member', $6, 'owner', $4, '{}', '{}', '[]', 'k1', 1, 0, $5, $5, $5,
    now(), now(), now() + interval '7 days', ${lifetime}, 0 from place returning created_at, expires_at
), history as (
  insert into ${t('events')} (${eventColumns}) select $8, $1, $3, 'invite.created', created_at, $6, $7 from made
), told as (
  insert into ${t('outbox')} (${outboxColumns})
  select $9, 'event', 'on', $1, $3, 0, $8, 'queued', 0, created_at, created_at, created_at from made
)
select created_at, expires_at from made`,

  bulk: `with place as (
  insert into ${t('scopes')} as s (organization_id, revision, pending) values ($1, 1, $3)
  on conflict (organization_id) do update set revision = s.revision + 1, pending = s.pending + $3 where s.pending + $3 <= $2
  returning 1
), rows as materialized (
  select x.* from place, jsonb_to_recordset($5) x (id uuid, invitee text, email text, data jsonb, event text, message text)
), made as (
  insert into ${t('invites')} (${inviteColumns})
  select id, $1, 'personal', 'pending', 'member', $4, 'owner', invitee, '{}', '{}', '[]', 'k1', 1, 0, email, email, email,
    now(), now(), now() + interval '7 days', ${lifetime}, 0 from rows returning 1
), history as (
  insert into ${t('events')} (${eventColumns}) select event, $1, id, 'invite.created', now(), $4, data from rows
)
insert into ${t('outbox')} (${outboxColumns})
select message, 'event', 'on', $1, id, 0, event, 'queued', 0, now(), now(), now() from rows returning 1`,

  accept: `with wanted as (
  select organization_id from ${t('invites')} where id = $1 and status = 'pending' and expires_at > now() and email_key = $3
), place as (
  update ${t('scopes')} s set revision = s.revision + 1, pending = s.pending - 1, seats = s.seats + 1
  from wanted where s.organization_id = wanted.organization_id and s.seats < $4 returning s.organization_id
), made as (
  update ${t('invites')} i set status = 'accepted', accepted_at = now(), accepted_by = $2, updated_at = now(), use_count = 1
  from place where i.id = $1 and i.status = 'pending' returning i.organization_id, i.email_key, ${seenOf('i')}
), seen as materialized (
  select organization_id, role, email_key, (select to_jsonb(r) from (select ${seenOf('made')}) r) as invite from made
), joined as (
  insert into ${t('members')} (organization_id, user_id, role, email_key, removed, at)
  select organization_id, $2, role, email_key, false, now() from seen
), history as (
  insert into ${t('events')} (${eventColumns}) select $5, organization_id, $1, 'invite.accepted', now(), $2, invite from seen
), told as (
  insert into ${t('outbox')} (${outboxColumns})
  select $6, 'event', 'on', organization_id, $1, 0, $5, 'queued', 0, now(), now(), now() from seen
)
select invite from seen`,

  // As one JSON text: node-postgres takes twice as long over rows with seven times in each.
  page: `select cast(coalesce(json_agg(r), '[]') as text) as page from (
  select ${seenOf('i')}, d.deliveries
  from ${t('invites')} i left join lateral (
    select json_agg(json_build_object('id', o.id, 'channel', o.target, 'status', o.status, 'reason', o.reason,
      'failure', o.failure, 'created_at', o.created_at, 'updated_at', o.updated_at, 'sent_at', o.sent_at) order by o.seq) as deliveries
    from ${t('outbox')} o where o.invite_id = i.id and o.kind = 'delivery'
  ) d on i.send_count > 0
  where i.organization_id = $1 order by i.created_at desc, i.id desc limit $2
) r`,
})

const inviteColumns = `id, organization_id, kind, status, role, inviter_id, inviter_role, invitee_id, metadata, extra, channels,
  key_id, generation, use_count, email, email_key, search, created_at, updated_at, expires_at, lifetime, send_count`
const eventColumns = 'id, organization_id, invite_id, type, at, actor_id, data'
const outboxColumns =
  'id, kind, target, organization_id, invite_id, generation, event_id, status, attempts, created_at, updated_at, due_at'
