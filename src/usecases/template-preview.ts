// Previews a template: its messages and pages for a sample invite.

import { fail, invalid, isInviteError } from '../api/error.ts'
import type { TemplatePreview } from '../api/results.ts'
import type { Services } from '../commit/services.ts'
import { inTime } from '../concurrency/timeout.ts'
import type { CallContext } from '../input/caller.ts'
import { render } from '../mail/compose.ts'
import type { MessageFacts, Rendered } from '../ports/render.ts'
import { checkContent } from '../templates/check-content.ts'
import { everybody } from '../templates/resolve.ts'
import { locale as localeShape } from '../validation/fields.ts'
import { anything, checked, jsonObject, name, object, optional, text } from '../validation/validators.ts'
import { pagesOf } from '../views/template-pages.ts'
import { recordOf, type TemplateCaller, templateCaller } from './templates.ts'

const named = optional(object({ name: name(200) }), undefined)

const shape = object({
  id: anything,
  content: anything,
  channel: optional(text(64), null),
  locale: localeShape,
  sample: optional(
    object({
      recipient: optional(
        object({ email: optional(text(320), null), fullName: name(200), firstName: name(100), lastName: name(100) }),
        undefined,
      ),
      organization: named,
      inviter: named,
      role: optional(text(64), undefined),
      code: optional(text(100), null),
      metadata: optional(jsonObject, null),
    }),
    undefined,
  ),
})

type Fields = ReturnType<typeof shape>

export async function preview<Tx>(services: Services<Tx>, input: unknown, context: CallContext<Tx>): Promise<TemplatePreview> {
  const caller = await templateCaller(services, context)
  const fields = checked(shape, input)
  const { templates } = services.settings
  if (fields.id === undefined && fields.content === undefined) throw invalid([{ path: '', detail: 'needs an id or a content' }])
  const stored = fields.id === undefined ? null : await recordOf(services, caller, fields.id)
  const given = fields.content === undefined ? null : await checkContent(templates.engine, fields.content, 'content')
  const request = {
    organizationId: caller.organizationId,
    templateId: null,
    content: given ?? stored?.content ?? {},
    replaces: stored?.id ?? null,
    locale: fields.locale,
  }
  const template = await templates.sections(request, caller.tx)
  const facts = { ...(await sampleOf(services, caller, fields)), template }
  const metadata = fields.sample?.metadata ?? null
  const message = async (channel: string) => {
    const brand = { ...facts.brand, ...template.brand }
    return render(services.settings, { ...facts, brand, channel }, metadata)
  }
  try {
    const { channel } = fields
    return {
      email: channel === null || channel === 'email' ? toMail(await message('email')) : null,
      sms: channel === 'email' ? null : { text: (await message(channel ?? 'sms')).text },
      ...(await pagesOf(templates.engine, template, { ...facts, metadata })),
    }
  } catch (error) {
    throw asTemplateError(error)
  }
}

/** A text that uses a value which the sample lacks is an error of the template. */
function asTemplateError(error: unknown): unknown {
  const { path, cause } = (error ?? {}) as { path?: unknown; cause?: unknown }
  if (isInviteError(error) || typeof path !== 'string') return error
  const [detail = ''] = cause instanceof Error ? cause.message.split('\n') : []
  return fail('template_invalid', { errors: [{ path, detail }] })
}

const toMail = ({ subject, text, html, senderName, replyTo }: Rendered) => ({
  subject: subject ?? '',
  text,
  html: html ?? null,
  senderName: senderName ?? null,
  replyTo: [replyTo ?? []].flat(),
})

type Sample = Omit<MessageFacts, 'channel' | 'template'>

async function sampleOf<Tx>(
  { settings }: Services<Tx>,
  { organizationId, actor, now }: TemplateCaller<Tx>,
  { sample, locale }: Fields,
): Promise<Sample> {
  const { directory, lifetime, pages, publicUrl } = settings
  const organization =
    organizationId === everybody ? null : await inTime('directory.organization', directory.organization?.(organizationId))
  const [role = 'member'] = Object.keys(settings.roles).reverse()
  return {
    reason: 'created',
    organization: {
      id: organizationId,
      name: sample?.organization ? sample.organization.name : (organization?.name ?? 'Acme'),
    },
    inviter: { name: sample?.inviter ? sample.inviter.name : ((actor === 'system' ? null : actor.name) ?? 'Grace Hopper') },
    recipient: {
      ...(sample?.recipient ?? { fullName: 'Ada Lovelace', firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' }),
      locale,
    },
    role: sample?.role ?? role,
    link: `${publicUrl}/i/${'0'.repeat(48)}`,
    code: sample?.code ?? null,
    expiresAt: lifetime === null ? null : new Date(now.getTime() + lifetime),
    metadata: sample?.metadata ?? {},
    brand: pages.brand ?? {},
  }
}
