// The options of messages that are sent by the clock: reminders to recipients, and mails to inviters about expired invites.
// Both are off by default.

import type { ExpiryNotices, InvitesOptions } from '../api/options.ts'
import type { Reminder, ReminderPlan } from '../domain/reminders.ts'
import { asGiven, type OptionChecks } from '../validation/known-options.ts'
import { given, isRecord } from '../validation/validators.ts'
import { durationMs, refuse } from './numbers.ts'

const maxReminders = 20

export function checkReminders(reminders: readonly Reminder[]): ReminderPlan {
  if (!Array.isArray(reminders) || reminders.length > maxReminders)
    return refuse(`\`reminders\` must be a list of at most ${maxReminders}, such as [{ after: '3d' }, { before: '1d' }].`)
  const [after, before]: [number[], number[]] = [[], []]
  for (const [index, reminder] of reminders.entries()) {
    const [key, ...others] = isRecord(reminder) ? Object.keys(given(reminder)) : []
    if ((key !== 'after' && key !== 'before') || others.length > 0)
      return refuse(
        `\`reminders[${index}]\` must be { after: '3d' }, counted from the send, or { before: '1d' }, counted back from the expiry.`,
      )
    const list = key === 'after' ? after : before
    const ms = durationMs(`reminders[${index}].${key}`, reminder[key])
    if (list.includes(ms)) refuse(`\`reminders[${index}]\` is there before, with the same time: leave one out.`)
    list.push(ms)
  }
  return { after, before }
}

const noticeNames = { page: asGiven, render: asGiven } satisfies OptionChecks<ExpiryNotices>

type NoticeOptions = Pick<InvitesOptions<unknown>, 'expiryNotices' | 'directory' | 'transports'>

/** Null when they are off. */
export function checkNotices({ expiryNotices = false, directory, transports }: NoticeOptions): ExpiryNotices | null {
  if (expiryNotices === false) return null
  const notices = expiryNotices === true ? {} : expiryNotices
  if (!isRecord(notices) || Object.keys(notices).some(key => !Object.hasOwn(noticeNames, key)))
    return refuse('`expiryNotices` is true, false or { page, render }.')
  const { page } = notices
  if (page !== undefined && typeof page !== 'function' && pageFrom(page, 'https://app.example.com') === null)
    refuse('`expiryNotices.page` must be a path, an http(s) address, or a function that answers one.')
  if (notices.render !== undefined && typeof notices.render !== 'function') refuse('`expiryNotices.render` must be a function.')
  if (typeof directory?.user !== 'function')
    refuse('`expiryNotices` needs `directory.user`, which answers { name, email } of the inviter.')
  const mail = transports?.['email']
  if (mail === undefined || mail.reach === 'phone') refuse('`expiryNotices` needs a transport for e-mail: `transports.email`.')
  return notices
}

/** The address of a page that a mail may link to, resolved against `base`. Null unless it is an http(s) address. */
export function pageFrom(page: unknown, base: string): string | null {
  if (typeof page !== 'string' || page === '' || !URL.canParse(page, base)) return null
  const { href, protocol } = new URL(page, base)
  return /^https?:$/.test(protocol) ? href : null
}
