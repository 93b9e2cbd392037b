// A template's texts for the pages of an invite. When one cannot be filled in, the built-in texts are used.

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
  engine: TemplateEngineSource,
  sections: TemplateSections,
  facts: TextValues,
): Promise<TemplatePages> {
  const texts = textsOf(facts.recipient.locale)
  const { name = null, logoUrl = null, color = null } = sections.brand ?? {}
  return {
    landing: await fillPage(engine, { sections, name: 'landing' }, facts, texts),
    success: await fillPage(engine, { sections, name: 'success' }, facts, texts),
    brand: { name, logoUrl, color },
  }
}

/** The page texts of an invite. A mistake in a template goes to `onError`: the link must open a page in any case. */
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
