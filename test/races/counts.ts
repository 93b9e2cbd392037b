// What is counted in the tables after a race, by SQL, one organization at a time.
import type { Store } from './stores.ts'

const invites = (where: string) => `invite_invites where organization_id = $1 and ${where}`
const happened = (type: string) => `invite_events where organization_id = $1 and type = 'invite.${type}'`

const sources = {
  pending: invites("status = 'pending'"),
  accepted: invites("status = 'accepted'"),
  declined: invites("status = 'declined'"),
  revoked: invites("status = 'revoked'"),
  expired: invites("status = 'expired'"),
  uses: 'invite_uses u join invite_invites i on i.id = u.invite_id where i.organization_id = $1',
  members: 'invite_members where organization_id = $1 and not removed',
  admins: "invite_members where organization_id = $1 and role = 'admin' and not removed",
  hostMembers: 'host_members where organization_id = $1',
  creations: happened('created'),
  acceptances: happened('accepted'),
  updates: happened('updated'),
  resends: happened('resent'),
  reminders: "invite_outbox where organization_id = $1 and reason = 'reminder'",
  notices: "invite_outbox where organization_id = $1 and reason = 'expired'",
  /** Reminded of twice, or of what had ended. */
  tooMany: `(select invite_id from invite_outbox where organization_id = $1 and reason in ('reminder', 'expired')
    group by invite_id having count(*) > 1) x`,
  lateReminders: `invite_outbox o join invite_invites i on i.id = o.invite_id
    where o.organization_id = $1 and o.reason = 'reminder' and o.created_at > i.revoked_at`,
  /** Uses in or after the very moment of expiry. */
  lateUses: 'invite_uses u join invite_invites i on i.id = u.invite_id where i.organization_id = $1 and u.at >= i.expires_at',
} as const

export type Counts = Readonly<Partial<Record<keyof typeof sources, number>>>

/** All of them that are not 0. */
export async function countAll({ rows }: Store, organizationId: string): Promise<Counts> {
  const columns = Object.entries(sources).map(([name, source]) => {
    const text = `(select count(*) from ${source.replaceAll('$1', `'${organizationId}'`)})`
    return `${text} as "${name}"`
  })
  const [row = {}] = await rows(`select ${columns.join(', ')}`)
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, count]) => (Number(count) === 0 ? [] : [[name, Number(count)]])),
  )
}
