// What falls due by itself: an expiry that nobody has written down yet, a reminder of what waits.
import type { Command } from '../command.ts'
import type { DomainEvent } from '../event.ts'
import type { InviteId, InviteRecord } from '../invite.ts'
import { refuseSends } from '../limits.ts'
import { nextReminder } from '../reminders.ts'
import type { OrganizationState } from '../state.ts'
import { accept, checkTransition, type Decision, noop, type Rules, sendOn } from './decision.ts'
import { expired } from './resend.ts'

type Remind = Extract<Command, { type: 'remind' }>

/** What is past its time says so in its row, once. */
export function decideExpire(state: OrganizationState, id: InviteId, rules: Rules): Decision {
  const invite = state.invites.get(id)
  if (!invite) return accept([], { inviteId: id })
  const done = checkTransition(invite, 'expire', state)
  if (done) return done
  if (invite.status === 'expired') return noop(invite)
  const events: DomainEvent[] = [expired(invite, state.now)]
  const channel = noticeOf(state, invite, rules)
  if (channel !== null) events.push({ type: 'notice.due', inviteId: id, at: state.now, actorId: null, channel })
  return accept(events, { inviteId: id })
}

/** Of an open invite, or one that nobody made, there is nobody to tell; nor of whom the inviter has left. */
function noticeOf(state: OrganizationState, { kind, inviterId }: InviteRecord, { noticeChannel }: Rules): string | null {
  if (kind === 'open' || inviterId === null) return null
  return state.members.get(inviterId)?.removed ? null : noticeChannel
}

/**
 * Once for each moment: whoever comes second finds the next one planned. Moments that were missed are one reminder. A channel
 * whose last message did not arrive is left out, and so is an address that was sent enough today.
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
