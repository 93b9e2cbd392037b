// What is sent without a call of anybody's, as options: reminders to the recipient, notices to the inviter. Off by default.

import type { ExpiryNotices, InvitesOptions } from '../api/options.ts'
import type { Reminder, ReminderPlan } from '../domain/reminders.ts'
import { isRecord } from '../validation/validators.ts'
import { stop, time } from './numbers.ts'

const maxReminders = 20

export function checkReminders(reminders: readonly Reminder[]): ReminderPlan {
  if (!Array.isArray(reminders) || reminders.length > maxReminders)
    return stop(`\`reminders\` must be a list of at most ${maxReminders}, such as [{ after: '3d' }, { before: '1d' }].`)
  const [after, before]: [number[], number[]] = [[], []]
  for (const [index, reminder] of reminders.entries()) {
    const [key, ...others] = isRecord(reminder) ? Object.keys(reminder).filter(one => reminder[one] !== undefined) : []
    if ((key !== 'after' && key !== 'before') || others.length > 0)
      return stop(
        `\`reminders[${index}]\` must be { after: '3d' }, counted from the send, or { before: '1d' }, counted back from the expiry.`,
      )
    const list = key === 'after' ? after : before
    const ms = time(`reminders[${index}].${key}`, reminder[key])
    if (list.includes(ms)) stop(`\`reminders[${index}]\` is there before, with the same time: leave one out.`)
    list.push(ms)
  }
  return { after, before }
}

type NoticeOptions = Pick<InvitesOptions<unknown>, 'expiryNotices' | 'directory' | 'transports'>

/** Null when they are off. */
export function checkNotices({ expiryNotices = false, directory, transports }: NoticeOptions): ExpiryNotices | null {
  if (expiryNotices === false) return null
  const notices = expiryNotices === true ? {} : expiryNotices
  if (!isRecord(notices) || Object.keys(notices).some(key => key !== 'page' && key !== 'render'))
    return stop('`expiryNotices` is true, false or { page, render }.')
  const { page } = notices
  if (page !== undefined && typeof page !== 'function' && pageFrom(page, 'https://app.example.com') === null)
    stop('`expiryNotices.page` must be a path, an http(s) address, or a function that answers one.')
  if (notices.render !== undefined && typeof notices.render !== 'function') stop('`expiryNotices.render` must be a function.')
  if (typeof directory?.user !== 'function')
    stop('`expiryNotices` needs `directory.user`, which answers { name, email } of the inviter.')
  const mail = transports?.['email']
  if (mail === undefined || mail.reach === 'phone') stop('`expiryNotices` needs a transport for e-mail: `transports.email`.')
  return notices
}

/** Null for what is no page that a mail may link to. */
export function pageFrom(page: unknown, base: string): string | null {
  if (typeof page !== 'string' || page === '' || !URL.canParse(page, base)) return null
  const { href, protocol } = new URL(page, base)
  return /^https?:$/.test(protocol) ? href : null
}
