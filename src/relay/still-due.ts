// Pure: whether a message is still worth sending, and when it is tried again.
import { type InviteRecord, isPast } from '../domain/invite.ts'
import type { MessageRow, ToRecipient } from '../ports/storage/rows.ts'

export const isToRecipient = (message: MessageRow): message is ToRecipient => message.reason !== 'expired'

/** Null when the message is to be sent now; otherwise why not, in our words. */
export function whyNotDue(invite: InviteRecord, message: MessageRow, now: Date): string | null {
  if (invite.erasedAt !== null) return 'the invite was erased'
  if (message.reason === 'expired') return whyNoExpiryNotice(invite, message)
  if (invite.status !== 'pending') return `the invite is ${invite.status}`
  if (isPast(invite, now)) return 'the invite is expired'
  return message.generation === invite.generation ? null : 'a newer link replaced this one'
}

/** An invite that was resent and expired again gets a new notice. Nothing else changes an invite that is stored as expired. */
function whyNoExpiryNotice({ status, updatedAt }: InviteRecord, { createdAt }: MessageRow): string | null {
  if (status !== 'expired') return `the invite is ${status}`
  return createdAt.getTime() < updatedAt.getTime() ? 'the invite was sent again since' : null
}

/** Milliseconds until the next try: doubled each time up to an hour, with jitter (`random` is 0 to 1). */
export function backoff(attempts: number, random: number): number {
  const ceiling = Math.min(3_600_000, 1000 * 2 ** Math.min(attempts, 20))
  return Math.round(ceiling / 2 + (random * ceiling) / 2)
}
