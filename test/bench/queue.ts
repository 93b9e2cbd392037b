// Work for the relay, put into the tables at once: invites whose mails are due, or whose events are.
import type { Order } from './sender.process.ts'
import { key } from './stores.ts'

/** $1 makes the addresses unique, $2 is how many, $3 an event as JSON text. */
export const queueText = (what: Order['what']): string => `with made as (
  insert into invite_invites (id, organization_id, kind, status, role, invitee_id, metadata, extra, channels, key_id, generation,
    use_count, email, email_key, search, created_at, updated_at, expires_at, lifetime, send_count)
  select gen_random_uuid(), 'org-' || i % 20, 'personal', 'pending', 'member', 'u', '{}', '{}', '["email"]', '${key.id}', 1, 0,
    'p' || $1 || '-' || i || '@example.com', 'p' || $1 || '-' || i || '@example.com', '', now(), now(),
    now() + interval '7 days', 1000, 1
  from generate_series(1, cast($2 as int)) i returning id, organization_id
), told as (
  insert into invite_events (id, organization_id, invite_id, type, at, data)
  select 'e-' || id, organization_id, id, 'invite.created', now(), cast($3 as jsonb) -> 'data' -> 'invite' from made
)
insert into invite_outbox (id, kind, target, organization_id, invite_id, generation, reason, event_id, status, attempts, created_at,
  updated_at, due_at)
select 'm-' || id, ${what === 'mails' ? "'delivery', 'email'" : "'event', 'webhook'"}, organization_id, id,
  ${what === 'mails' ? "1, 'created', null" : "0, null, 'e-' || id"}, 'queued', 0, now(), now(), now() from made`
