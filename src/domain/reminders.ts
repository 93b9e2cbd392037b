// When reminders are due: times after the last send, or before the expiry.
import type { Duration } from './duration.ts'
import type { InviteFields } from './invite.ts'

/** `{ after: '3d' }`: so long after the last send. `{ before: '1d' }`: so long before the invite expires. */
export type Reminder =
  | { readonly after: Duration; readonly before?: undefined }
  | { readonly before: Duration; readonly after?: undefined }

/** Reminders after checking: milliseconds. */
export interface ReminderPlan {
  readonly after: readonly number[]
  readonly before: readonly number[]
}

type Timed = Pick<InviteFields, 'sentAt' | 'expiresAt'>

/**
 * The next time of the plan after `now`; null when there is none. There are no reminders of an invite that was never sent, at
 * or before the time of the send, nor at or after the expiry.
 */
export function nextReminder({ after, before }: ReminderPlan, { sentAt, expiresAt }: Timed, now: Date): Date | null {
  if (sentAt === null) return null
  const sent = sentAt.getTime()
  const end = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  const times = [...after.map(ms => sent + ms), ...before.map(ms => end - ms)]
  const next = Math.min(...times.filter(time => time > Math.max(sent, now.getTime()) && time < end))
  return Number.isFinite(next) ? new Date(next) : null
}
