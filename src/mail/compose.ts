// Composes the message of an invite: the host's `render` function writes it, or the built-in layout with the texts of the
// invite's templates.
import { parseEmail } from '../domain/address.ts'
import type { InviteRecord, JsonObject } from '../domain/invite.ts'
import type { Settings } from '../options/settings.ts'
import type { MessageFacts, Rendered } from '../ports/render.ts'
import type { ToRecipient } from '../ports/storage/rows.ts'
import type { OutgoingMessage } from '../ports/transport.ts'
import { fillMessage } from '../templates/fill.ts'
import { templateQueryFor } from '../templates/resolve.ts'
import { textsOf } from '../text/catalogue.ts'
import { messageError } from '../text/message-error.ts'
import { isVisible, tidyLine } from '../text/sanitize.ts'
import { linksOf } from '../views/links.ts'
import { namesOf } from '../views/names.ts'
import { checkRendered } from './check-rendered.ts'
import { headersOf } from './headers.ts'
import { layout } from './layout.ts'

/** `templated` is false when no template is stored that the invite could use: then none is read. */
interface ComposeInput {
  readonly invite: InviteRecord
  readonly message: ToRecipient
  readonly templated: boolean
}

export async function composeMessage<Tx>(
  settings: Settings<Tx>,
  { invite, message, templated }: ComposeInput,
): Promise<Omit<OutgoingMessage, 'signal'>> {
  const recipient = invite.kind === 'personal' ? invite.recipient : null
  const isPhone = settings.addressKinds.get(message.target) === 'phone'
  const to = isPhone ? recipient?.phoneKey : recipient?.email
  if (!to) throw messageError(`the invite has no address for ${message.target}`)
  const rendered = await render(settings, await factsOf(settings, { invite, message, templated }))
  return {
    id: message.id,
    to: String(to),
    text: rendered.text,
    ...(rendered.subject === undefined ? {} : { subject: tidyLine(rendered.subject, 300) }),
    ...(rendered.html === undefined ? {} : { html: rendered.html }),
    ...senderOf(rendered),
    ...headersOf(settings, invite, message),
  }
}

/** `metadata` is what the template's texts see. Null in a preview without metadata: then they may name anything in it. */
export async function render<Tx>(
  settings: Settings<Tx>,
  facts: MessageFacts,
  metadata: JsonObject | null = facts.metadata,
): Promise<Rendered> {
  const own = checkRendered('render', await settings.render?.(facts))
  if (own) return own
  const texts = textsOf(facts.recipient.locale)
  const to = { channel: facts.channel, facts: { ...facts, metadata }, texts }
  return layout(facts, await fillMessage(settings.templates.engine, facts.template, to))
}

/** Removes what would make an address of the sender's name in a `From` header, or would end the quotes around it. */
function senderOf({ senderName, replyTo = [] }: Rendered): Pick<OutgoingMessage, 'senderName' | 'replyTo'> {
  const name = tidyLine((senderName ?? '').replace(/[<>@"\\]/g, ' '), 100)
  const addresses = [replyTo].flat().map(text => {
    const parsed = parseEmail(text)
    if (parsed.ok) return parsed.value.text
    throw messageError('a reply-to address is not an e-mail address')
  })
  return { ...(isVisible(name) ? { senderName: name } : {}), ...(addresses.length === 0 ? {} : { replyTo: addresses }) }
}

async function factsOf<Tx>(settings: Settings<Tx>, { invite, message, templated }: ComposeInput): Promise<MessageFacts> {
  const names = await namesOf(settings, invite)
  const { link, code } = await linksOf(settings, invite)
  const template = await settings.templates.sections({ ...templateQueryFor(invite), stored: templated })
  const recipient = invite.kind === 'personal' ? invite.recipient : null
  return {
    channel: message.target,
    reason: message.reason ?? 'created',
    organization: { id: invite.organizationId, name: names.organization },
    inviter: { name: names.inviter },
    recipient: {
      fullName: recipient?.fullName ?? null,
      firstName: recipient?.firstName ?? null,
      lastName: recipient?.lastName ?? null,
      email: recipient?.email ?? null,
      locale: recipient?.locale ?? null,
    },
    role: invite.role,
    link,
    code: code ?? null,
    expiresAt: invite.expiresAt,
    metadata: invite.metadata,
    brand: { ...settings.pages.brand, ...template.brand },
    template,
  }
}
