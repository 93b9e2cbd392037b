// One message, from an invite and the names of its people: written by the host's render, or by the built-in layout.
import type { InviteRecord } from '../domain/invite.ts'
import type { MessageRow } from '../ports/rows.ts'
import type { OutgoingMessage } from '../ports/transport.ts'
import { layout } from './layout.ts'
import { linksOf } from './link.ts'
import type { MessageFacts } from './render.ts'
import type { Settings } from './settings.ts'

export async function composeMessage<Tx>(
  settings: Settings<Tx>,
  invite: InviteRecord,
  message: MessageRow,
): Promise<Omit<OutgoingMessage, 'signal'>> {
  const recipient = invite.kind === 'personal' ? invite.recipient : null
  const byPhone = settings.reach.get(message.target) === 'phone'
  const to = byPhone ? recipient?.phoneKey : recipient?.email
  if (!to) throw Object.assign(new Error(`the invite has no address for ${message.target}`), { permanent: true })
  const facts = await factsOf(settings, invite, message)
  const rendered = (await settings.render?.(facts)) ?? layout(facts)
  return {
    id: message.id,
    to: String(to),
    text: rendered.text,
    ...(rendered.subject === undefined ? {} : { subject: oneLine(rendered.subject) }),
    ...(rendered.html === undefined ? {} : { html: rendered.html }),
    headers: {},
  }
}

async function factsOf<Tx>(settings: Settings<Tx>, invite: InviteRecord, message: MessageRow): Promise<MessageFacts> {
  const names = await namesOf(settings, invite)
  const { link, code } = await linksOf(settings, invite)
  const recipient = invite.kind === 'personal' ? invite.recipient : null
  return {
    channel: message.target,
    reason: message.reason ?? 'created',
    organization: { id: invite.organizationId, name: names.organization },
    inviter: { name: names.inviter },
    recipient: {
      fullName: recipient?.fullName ?? null,
      firstName: recipient?.firstName ?? null,
      locale: recipient?.locale ?? null,
    },
    role: invite.role,
    link,
    code: code ?? null,
    expiresAt: invite.expiresAt,
    brand: settings.pages.brand ?? {},
  }
}

export interface Names {
  readonly organization: string | null
  readonly inviter: string | null
}

/** What the host's directory calls them; without one, what the inviter was called on that day. */
export async function namesOf<Tx>({ directory }: Settings<Tx>, invite: InviteRecord): Promise<Names> {
  const [organization, inviter] = await Promise.all([
    directory.organization?.(invite.organizationId),
    invite.inviterId === null ? null : directory.user?.(invite.inviterId),
  ])
  return { organization: organization?.name ?? null, inviter: inviter?.name ?? invite.inviterName }
}

/** A line break in a header would begin another. */
const oneLine = (text: string) => text.replace(/[\r\n\u2028\u2029]+/g, ' ').slice(0, 300)
