// A template's words for the pages of an invite. A page that cannot be written stands in the built-in words.

import type { TemplatePages } from '../api/results.ts'
import type { InviteRecord } from '../domain/invite.ts'
import type { Settings } from '../options/settings.ts'
import type { TemplateSections } from '../ports/storage/templates.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import { fillPage } from '../templates/fill.ts'
import { templateQueryFor } from '../templates/resolve.ts'
import type { TextValues } from '../templates/values.ts'
import { textsOf } from '../text/catalogue.ts'
import type { Names } from './names.ts'

export async function pagesOf(
  writer: TemplateEngineSource,
  sections: TemplateSections,
  facts: TextValues,
): Promise<TemplatePages> {
  const texts = textsOf(facts.recipient.locale)
  const { name = null, logoUrl = null, color = null } = sections.brand ?? {}
  return {
    landing: await fillPage(writer, { sections, name: 'landing' }, facts, texts),
    success: await fillPage(writer, { sections, name: 'success' }, facts, texts),
    brand: { name, logoUrl, color },
  }
}

/** Of an invite: whoever opens its link must see a page, whatever is wrong with a template. */
export async function pagesFor<Tx>(
  settings: Settings<Tx>,
  invite: InviteRecord,
  { organization, inviter }: Names,
  tx: Tx | undefined,
): Promise<TemplatePages> {
  const { templates, pages, onError } = settings
  const sections = await templates.sections(templateQueryFor(invite), tx)
  const {
    fullName = null,
    firstName = null,
    lastName = null,
    email = null,
    locale = null,
  } = invite.kind === 'personal' ? invite.recipient : {}
  const { role, expiresAt, metadata, organizationId } = invite
  const facts = {
    role,
    expiresAt,
    metadata,
    link: null,
    code: null,
    organization: { id: organizationId, name: organization },
    inviter: { name: inviter },
    recipient: { fullName, firstName, lastName, email, locale },
    brand: { ...pages.brand, ...sections.brand },
  }
  try {
    return await pagesOf(templates.engine, sections, facts)
  } catch (error) {
    onError(error, { where: `the pages of invite ${invite.id}` })
    const { brand = {} } = sections
    return pagesOf(templates.engine, { brand }, facts)
  }
}
