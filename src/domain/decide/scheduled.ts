// Commands of the sweeper: store that an invite has expired, and send the reminders that are due.
import type { Command } from '../command.ts'
import type { DomainEvent } from '../event.ts'
import type { InviteId, InviteRecord } from '../invite.ts'
import { refuseSends } from '../limits.ts'
import { nextReminder } from '../reminders.ts'
import type { OrganizationState } from '../state.ts'
import { accept, checkTransition, type Decision, noop, type Rules, sendOn } from './decision.ts'
import { expired } from './resend.ts'

type Remind = Extract<Command, { type: 'remind' }>

/** Stores the expiry of an invite that is past it, once, and tells the inviter if expiry notices are on. */
export function decideExpire(state: OrganizationState, id: InviteId, rules: Rules): Decision {
  const invite = state.invites.get(id)
  if (!invite) return accept([], { inviteId: id })
  const done = checkTransition(invite, 'expire', state)
  if (done) return done
  if (invite.status === 'expired') return noop(invite)
  const events: DomainEvent[] = [expired(invite, state.now)]
  const channel = noticeChannelFor(state, invite, rules)
  if (channel !== null) events.push({ type: 'notice.due', inviteId: id, at: state.now, actorId: null, channel })
  return accept(events, { inviteId: id })
}

/** The channel of the notice; null for an open invite, one without an inviter, and one whose inviter was removed. */
function noticeChannelFor(
  state: OrganizationState,
  { kind, inviterId }: InviteRecord,
  { noticeChannel }: Rules,
): string | null {
  if (kind === 'open' || inviterId === null) return null
  return state.members.get(inviterId)?.removed ? null : noticeChannel
}

/**
 * Sends one reminder and plans the next, so that a second sweeper finds nothing due. Several times that were missed make one
 * reminder. Left out are channels that are not in `channels` (their last message did not arrive) and addresses at their daily
 * limit.
 */
export function decideRemind(state: OrganizationState, { id, channels }: Remind, rules: Rules): Decision {
  const invite = state.invites.get(id)
  if (!invite) return accept([], { inviteId: id })
  const done = checkTransition(invite, 'remind', state)
  if (done) return done
  const { remindAt } = invite
  if (invite.kind === 'open' || remindAt === null || remindAt.getTime() > state.now.getTime()) return noop(invite)
  const { recipient } = invite
  const sends = invite.channels
    .filter(channel => channels.includes(channel))
    .flatMap(channel => sendOn(channel, recipient, rules) ?? [])
    .filter(send => refuseSends(state, rules.limits, [send]) === null)
  const next = nextReminder(rules.reminders, invite, state.now)
  return accept([{ type: 'reminder.due', inviteId: id, at: state.now, actorId: null, sends, remindAt: next }], { inviteId: id })
}
