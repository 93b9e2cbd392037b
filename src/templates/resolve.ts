// Where an invite's words come from: its own, its template's, the organization's default, everybody's default.

import { createBatcher } from '../concurrency/batcher.ts'
import { type InviteRecord, toInviteId } from '../domain/invite.ts'
import type { Storage } from '../ports/storage/storage.ts'
import type { TemplateContent, TemplateRecord, TemplateSections } from '../ports/storage/templates.ts'
import type { TemplateEngineSource } from '../ports/template-engine.ts'
import { inLanguage, merged } from './merge.ts'

/** Whose words are asked for, and over which they go. */
export interface Wanted {
  readonly organizationId: string
  readonly templateId: string | null
  readonly content: TemplateContent | null
  /** Which stored one `content` stands in place of. */
  readonly replaces?: string | null
  /** False when there are no stored templates for it: then none are looked for. Default true. */
  readonly stored?: boolean
  readonly locale: string | null
}

export interface TemplateSource<Tx> {
  /** Loads what fills in placeholders. */
  readonly engine: TemplateEngineSource
  /** All levels merged, for one language. One statement; together with others' where it joins no transaction. */
  sections(wanted: Wanted, tx?: Tx): Promise<TemplateSections>
}

/** For an invite's messages and pages. */
export const wantedBy = (invite: InviteRecord): Wanted => ({
  organizationId: invite.organizationId,
  templateId: invite.templateId,
  content: invite.template as TemplateContent | null,
  locale: invite.kind === 'personal' ? invite.recipient.locale : null,
})

/** Whose templates are everybody's: no organization has this id. */
export const everybody = ''

type Found = readonly TemplateRecord[]

export function createTemplateSource<Tx>(storage: () => Storage<Tx>, writer: TemplateEngineSource): TemplateSource<Tx> {
  const find = async (all: readonly Wanted[], tx?: Tx): Promise<Found> => {
    const ids = all.flatMap(({ templateId }) => (templateId !== null && toInviteId(templateId) ? [templateId] : []))
    const organizations = [everybody, ...all.map(({ organizationId }) => organizationId)]
    return storage().templates.find({ ids: [...new Set(ids)], organizations: [...new Set(organizations)] }, tx)
  }
  const gathered = createBatcher(async (all: readonly Wanted[]) => {
    const found = await find(all)
    return all.map(() => found)
  })
  return {
    engine: writer,
    async sections(wanted, tx) {
      if (wanted.stored === false) return levelled(wanted, [])
      return levelled(wanted, tx === undefined ? await gathered(wanted) : await find([wanted], tx))
    },
  }
}

/** A template that is gone, or another organization's, says nothing. */
function levelled({ organizationId, templateId, content, locale, replaces = null }: Wanted, all: Found): TemplateSections {
  const found = all.filter(({ id }) => id !== replaces)
  const own = found.find(({ id, organizationId: of }) => id === templateId && (of === organizationId || of === everybody))
  const defaultOf = (of: string) => found.find(each => each.isDefault && each.organizationId === of)
  const levels = [content, own?.content, defaultOf(organizationId)?.content, defaultOf(everybody)?.content]
  return merged(levels.flatMap(level => (level ? [inLanguage(level, locale)] : [])))
}
