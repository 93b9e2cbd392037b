// What must be true in the tables after any interleaving, crash or fault (I1 to I4 of the domain), in plain SQL.
import type { Store } from './stores.ts'

const live = (now: string) => `i.status = 'pending' and i.expires_at > ${now}`
const happened = (type: string) =>
  `(select count(*) from invite_events e where e.invite_id = i.id and e.type = 'invite.${type}')`
const usesOf = '(select count(*) from invite_uses u where u.invite_id = i.id)'
/** Who accepted what: a use of an open invite, or the one acceptance of a personal one. */
const acceptances = `(select i.organization_id, u.user_id from invite_uses u join invite_invites i on i.id = u.invite_id
  union select organization_id, accepted_by from invite_invites where accepted_by is not null)`

/** Each selects what must not be: the organization, and what is wrong there. */
const laws = (now: string): Readonly<Record<string, string>> => ({
  'two pending invites hold one e-mail address': `select organization_id, email_key as what from invite_invites i
    where ${live(now)} and email_key is not null group by organization_id, email_key having count(*) > 1`,
  'two pending invites hold one phone number': `select organization_id, phone_key as what from invite_invites i
    where ${live(now)} and phone_key is not null group by organization_id, phone_key having count(*) > 1`,
  'more pending invites than the limit': `select i.organization_id, count(*) as what from invite_invites i
    join race_limits l on l.organization_id = i.organization_id
    where ${live(now)} group by i.organization_id, l.pending having count(*) > l.pending`,
  'more members than seats': `select m.organization_id, count(*) as what from invite_members m
    join race_limits l on l.organization_id = m.organization_id
    where not m.removed group by m.organization_id, l.seats having count(*) > l.seats`,
  'more members in the host’s table than seats': `select m.organization_id, count(*) as what from host_members m
    join race_limits l on l.organization_id = m.organization_id
    group by m.organization_id, l.seats having count(*) > l.seats`,
  'more uses than an invite has': `select organization_id, id as what from invite_invites i where max_uses < ${usesOf}`,
  'a use count that is not the number of uses': `select organization_id, id as what from invite_invites i
    where kind = 'open' and use_count <> ${usesOf}`,
  'an accepted personal invite that nobody accepted, or the reverse': `select organization_id, id as what from invite_invites i
    where kind = 'personal' and (status = 'accepted') <> (accepted_by is not null)`,
  'an acceptance without its event, or an event without its acceptance': `select organization_id, id as what
    from invite_invites i where ${happened('accepted')} <> ${usesOf} + case when accepted_by is null then 0 else 1 end`,
  'an acceptance without a member': `select a.organization_id, a.user_id as what from ${acceptances} a
    where not exists (select 1 from invite_members m where m.organization_id = a.organization_id and m.user_id = a.user_id)
    and not exists (select 1 from host_members m where m.organization_id = a.organization_id and m.user_id = a.user_id)`,
  'a member of the host’s without an acceptance': `select m.organization_id, m.user_id as what from host_members m
    where not exists (select 1 from ${acceptances} a where a.organization_id = m.organization_id and a.user_id = m.user_id)`,
  'an invite without its creation, or with two': `select organization_id, id as what from invite_invites i where ${happened('created')} <> 1`,
  'an ended invite without its event': `select organization_id, id as what from invite_invites i
    where status in ('declined', 'revoked') and
      ${happened('declined')} + ${happened('revoked')} + ${happened('erased')} = 0`,
  'a personal invite that ended twice': `select organization_id, id as what from invite_invites i
    where kind = 'personal' and ${happened('accepted')} + ${happened('declined')} + ${happened('revoked')} > 1`,
  'history, work or uses of an invite that is not there': `select organization_id, invite_id as what from (
      select organization_id, invite_id from invite_events union all select organization_id, invite_id from invite_outbox
      union all select 'uses', invite_id from invite_uses) x
    where not exists (select 1 from invite_invites i where i.id = x.invite_id)`,
  // Erasing takes the waiting messages along.
  'an event that nobody would hear of, or would hear of twice': `select organization_id, id as what from invite_events e
    where (select count(*) from invite_outbox o where o.kind = 'event' and o.event_id = e.id) <> 1
    and not exists (select 1 from invite_invites i where i.id = e.invite_id and i.erased_at is not null)`,
  'an organization that was written to without a revision': `select distinct organization_id, 'no scope' as what from invite_invites i
    where not exists (select 1 from invite_scopes s where s.organization_id = i.organization_id and s.revision > 0)`,
})

/** Everything that is wrong in these organizations, or in any; where all is well, nothing. */
export async function invariants({ rows, now }: Store, organizations: readonly string[] = []): Promise<readonly string[]> {
  const those = organizations.length === 0 ? '' : `where organization_id in (${organizations.map(id => `'${id}'`).join()})`
  const wrong: string[] = []
  for (const [law, text] of Object.entries(laws(now()))) {
    const broken = await rows(`select organization_id, what from (${text}) broken ${those}`)
    for (const { organization_id, what } of broken) wrong.push(`${law}: ${organization_id}, ${what}`)
  }
  return wrong
}
