// When somebody who has not answered is written to again: moments counted from the send, or back from the expiry.
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
 * The first moment of the plan that is still to come at `now`; null when there is none. Nobody is reminded of what was never
 * sent to them, in or before the moment of the send, nor when the invite has expired by then.
 */
export function nextReminder({ after, before }: ReminderPlan, { sentAt, expiresAt }: Timed, now: Date): Date | null {
  if (sentAt === null) return null
  const sent = sentAt.getTime()
  const end = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY
  const moments = [...after.map(ms => sent + ms), ...before.map(ms => end - ms)]
  const next = Math.min(...moments.filter(moment => moment > Math.max(sent, now.getTime()) && moment < end))
  return Number.isFinite(next) ? new Date(next) : null
}
