// Composes the expiry notice: a mail to the inviter about an invite that expired unanswered. It never goes to the invitee.
import { parseEmail } from '../domain/address.ts'
import type { InviteRecord } from '../domain/invite.ts'
import { pageFrom } from '../options/scheduled.ts'
import type { Settings } from '../options/settings.ts'
import type { NoticeFacts } from '../ports/render.ts'
import type { Checked } from '../ports/storage/outbox.ts'
import type { OutgoingMessage } from '../ports/transport.ts'
import { templateQueryFor } from '../templates/resolve.ts'
import { tidyLine } from '../text/sanitize.ts'
import { checkRendered } from './check-rendered.ts'
import { noticeLayout } from './expiry-notice-layout.ts'
import { headersOf } from './headers.ts'

/** The message, or why there is none to send. */
export async function composeNotice<Tx>(
  settings: Settings<Tx>,
  { invite, message, templated }: Pick<Checked, 'invite' | 'message' | 'templated'>,
): Promise<Omit<OutgoingMessage, 'signal'> | { readonly failure: string }> {
  const { directory, expiryNotices } = settings
  if (expiryNotices === null) return { failure: 'expiry notices are off' }
  if (invite.kind === 'open' || invite.inviterId === null || invite.expiresAt === null) return noAddress
  const [organization, inviter] = await Promise.all([
    directory.organization?.(invite.organizationId),
    directory.user?.(invite.inviterId),
  ])
  const to = typeof inviter?.email === 'string' ? parseEmail(inviter.email) : null
  if (!to?.ok) return noAddress
  const { email, phone, fullName, firstName } = invite.recipient
  const locale = inviter?.locale ?? null
  const template = await settings.templates.sections({ ...templateQueryFor(invite), locale, stored: templated })
  const facts: NoticeFacts = {
    invite: { id: invite.id, role: invite.role, expiresAt: invite.expiresAt },
    organization: { id: invite.organizationId, name: organization?.name ?? null },
    inviter: { name: inviter?.name ?? invite.inviterName, locale },
    recipient: { email, phone, fullName, firstName },
    page: pageOf(settings, expiryNotices.page, invite),
    brand: { ...settings.pages.brand, ...template.brand },
  }
  const own = checkRendered('expiryNotices.render', await expiryNotices.render?.(facts))
  const { subject, text, html } = own ?? noticeLayout(facts)
  return {
    id: message.id,
    to: to.value.text,
    text,
    ...(subject === undefined ? {} : { subject: tidyLine(subject, 300) }),
    ...(html === undefined ? {} : { html }),
    ...headersOf(settings, invite, message),
  }
}

const noAddress = { failure: 'the inviter has no e-mail address' }

/** The link in the notice. A page that is no address is reported, and the notice goes out without a link. */
function pageOf<Tx>(
  { publicUrl, onError }: Settings<Tx>,
  page: NonNullable<Settings['expiryNotices']>['page'],
  { organizationId, id: inviteId }: InviteRecord,
): string | null {
  if (page === undefined) return null
  const answer = typeof page === 'function' ? page({ organizationId, inviteId }) : page
  const url = pageFrom(answer, publicUrl)
  if (url === null)
    onError(new TypeError(`neither a path nor an http(s) address: ${String(answer).slice(0, 80)}`), {
      where: 'expiryNotices.page',
    })
  return url
}
